//! From the bytes that a client sends to texts and other frames.
//!
//! actix's codec knows the protocol; this adds what a public server needs besides: a
//! frame or message that is too long is skipped as it arrives and never collected, and
//! the connection stays usable. Pieces of a text are put together.

use std::collections::VecDeque;

use actix_http::ws::{Codec, Frame, Item, ProtocolError};
use actix_web::web::{Bytes, BytesMut};
use protocol::socket::FRAME_MAX_BYTES;
use tokio_util::codec::Decoder;

use crate::refusal::Refusal;

/// What a client sent.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// A text, whole.
    Text(String),
    /// Asks for a pong with the same bytes.
    Ping(Bytes),
    /// A sign of life.
    Pong,
    /// A frame that cannot be used; the next one can.
    Unusable(Refusal),
    /// The bytes are no WebSocket any more.
    Broken(Refusal),
    /// The client says goodbye.
    Close,
}

/// From bytes to frames.
pub struct FrameDecoder {
    codec: Codec,
    bytes: BytesMut,
    /// Bytes of a frame that is too long and still to come.
    skip: u64,
    ready: VecDeque<Incoming>,
    /// A text that comes in pieces; none where the message that comes is left out.
    pieces: Option<Vec<u8>>,
    broken: bool,
}

impl Default for FrameDecoder {
    fn default() -> Self {
        FrameDecoder {
            codec: Codec::new().max_size(FRAME_MAX_BYTES),
            bytes: BytesMut::new(),
            skip: 0,
            ready: VecDeque::new(),
            pieces: None,
            broken: false,
        }
    }
}

impl FrameDecoder {
    /// Takes bytes as they came.
    pub fn feed(&mut self, bytes: &[u8]) {
        let skipped = self.skip.min(bytes.len() as u64);
        self.skip -= skipped;
        self.bytes.extend_from_slice(&bytes[skipped as usize..]);
    }

    /// The next frame; `None` until more bytes have come.
    pub fn next(&mut self) -> Option<Incoming> {
        while self.ready.is_empty() && !self.broken {
            match self.decode() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.broken = true;
                    return Some(Incoming::Broken(Refusal::ProtocolError { reason: error.to_string() }));
                }
            }
        }
        self.ready.pop_front()
    }

    /// Decodes one frame; false where it is not wholly there.
    fn decode(&mut self) -> Result<bool, ProtocolError> {
        let (frame, too_long) = match self.skip_too_long() {
            Some((mut stand_in, bytes)) => (self.codec.decode(&mut stand_in)?, Some(bytes)),
            None => (self.codec.decode(&mut self.bytes)?, None),
        };
        let Some(frame) = frame else { return Ok(false) };
        let incoming = match too_long {
            Some(bytes) => self.leave_out(&frame, bytes)?,
            None => self.take(frame),
        };
        self.ready.extend(incoming);
        Ok(true)
    }

    /// Skips a frame whose header says that it is too long. Gives an empty frame of
    /// the same kind to decode in its place, since the next frames are right or wrong
    /// by what came before them (RFC 6455 section 5.4), and its length.
    fn skip_too_long(&mut self) -> Option<(BytesMut, u64)> {
        let (header, payload) = lengths(&self.bytes)?;
        let (kind, masked) = (self.bytes[0], self.bytes[1] & 0x80);
        if payload <= FRAME_MAX_BYTES as u64 {
            return None;
        }
        let whole = header as u64 + payload;
        let here = whole.min(self.bytes.len() as u64);
        drop(self.bytes.split_to(here as usize));
        self.skip = whole - here;
        Some((BytesMut::from(&[kind, masked, 0, 0, 0, 0][..]), payload))
    }

    /// Leaves out the message that a skipped frame was a part of. It is told once a message.
    ///
    /// # Errors
    /// A control frame is no part of a message and is never so long, RFC 6455 section 5.5.
    fn leave_out(&mut self, stand_in: &Frame, bytes: u64) -> Result<Option<Incoming>, ProtocolError> {
        let begins = match stand_in {
            Frame::Continuation(Item::Continue(_) | Item::Last(_)) => false,
            Frame::Continuation(_) | Frame::Text(_) | Frame::Binary(_) => true,
            Frame::Ping(_) | Frame::Pong(_) | Frame::Close(_) => {
                return Err(ProtocolError::InvalidLength(usize::try_from(bytes).unwrap_or(usize::MAX)));
            }
        };
        let collected = self.pieces.take().is_some();
        Ok((collected || begins).then(|| Incoming::Unusable(too_large(bytes))))
    }

    fn take(&mut self, frame: Frame) -> Option<Incoming> {
        match frame {
            Frame::Text(bytes) => Some(whole_text(bytes.to_vec())),
            Frame::Binary(_) => Some(Incoming::Unusable(Refusal::BinaryFrame)),
            Frame::Ping(bytes) => Some(Incoming::Ping(bytes)),
            Frame::Pong(_) => Some(Incoming::Pong),
            Frame::Close(_) => Some(Incoming::Close),
            Frame::Continuation(item) => self.piece(item),
        }
    }

    /// Collects the pieces of a text, RFC 6455 section 5.4.
    fn piece(&mut self, item: Item) -> Option<Incoming> {
        let (bytes, last) = match item {
            Item::FirstText(bytes) => {
                self.pieces = Some(vec![]);
                (bytes, false)
            }
            Item::FirstBinary(_) => return Some(Incoming::Unusable(Refusal::BinaryFrame)),
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        let pieces = self.pieces.as_mut()?;
        pieces.extend_from_slice(&bytes);
        if pieces.len() > FRAME_MAX_BYTES {
            let bytes = pieces.len() as u64;
            self.pieces = None;
            return Some(Incoming::Unusable(too_large(bytes)));
        }
        if last { self.pieces.take().map(whole_text) } else { None }
    }
}

fn too_large(bytes: u64) -> Refusal {
    Refusal::TooLarge { bytes, max: FRAME_MAX_BYTES as u64 }
}

fn whole_text(bytes: Vec<u8>) -> Incoming {
    match String::from_utf8(bytes) {
        Ok(text) => Incoming::Text(text),
        Err(error) => {
            let column = error.utf8_error().valid_up_to() + 1;
            Incoming::Unusable(Refusal::MalformedJson { line: 1, column, reason: "not UTF-8".into() })
        }
    }
}

/// The length of a client's frame header and of the payload it announces, RFC 6455
/// section 5.2; `None` while the header is incomplete.
fn lengths(bytes: &[u8]) -> Option<(usize, u64)> {
    const MASK: usize = 4;
    let short = bytes.get(1)? & 0x7f;
    match short {
        126 => {
            let length = bytes.get(2..4)?.try_into().ok().map(u16::from_be_bytes)?;
            Some((4 + MASK, u64::from(length)))
        }
        127 => {
            let length = bytes.get(2..10)?.try_into().ok().map(u64::from_be_bytes)?;
            Some((10 + MASK, length & (u64::MAX >> 1)))
        }
        short => Some((2 + MASK, u64::from(short))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_http::ws::Message;
    use tokio_util::codec::Encoder;

    fn from_client(messages: Vec<Message>) -> BytesMut {
        let mut codec = Codec::new().client_mode();
        let mut bytes = BytesMut::new();
        messages.into_iter().for_each(|message| codec.encode(message, &mut bytes).unwrap());
        bytes
    }

    /// What comes out when the bytes come in pieces of a length.
    fn decoded(bytes: &[u8], piece: usize) -> Vec<Incoming> {
        let mut decoder = FrameDecoder::default();
        let mut incoming = vec![];
        for piece in bytes.chunks(piece) {
            decoder.feed(piece);
            incoming.extend(std::iter::from_fn(|| decoder.next()));
        }
        assert!(decoder.bytes.capacity() < 4 * FRAME_MAX_BYTES, "a long frame is not collected");
        incoming
    }

    #[test]
    fn after_a_frame_that_is_too_long_the_next_one_is_read() {
        let long = FRAME_MAX_BYTES + 1;
        let bytes = from_client(vec![
            Message::Text("x".repeat(long).into()),
            Message::Text("y".repeat(1_000_000).into()),
            Message::Text("{}".into()),
        ]);
        for piece in [1, 7, 4096, bytes.len()] {
            let expected = [
                Incoming::Unusable(too_large(long as u64)),
                Incoming::Unusable(too_large(1_000_000)),
                Incoming::Text("{}".into()),
            ];
            assert_eq!(decoded(&bytes, piece), expected);
        }
    }

    #[test]
    fn a_text_in_pieces_is_one_text_and_its_sum_is_limited() {
        let piece = |item| Message::Continuation(item);
        let bytes = from_client(vec![
            piece(Item::FirstText("{\"a\"".into())),
            Message::Ping("p".into()),
            piece(Item::Continue(":".into())),
            piece(Item::Last("1}".into())),
            piece(Item::FirstText(vec![b'x'; FRAME_MAX_BYTES].into())),
            piece(Item::Last("x".into())),
            Message::Text("{}".into()),
        ]);
        let expected = [
            Incoming::Ping("p".into()),
            Incoming::Text("{\"a\":1}".into()),
            Incoming::Unusable(too_large(FRAME_MAX_BYTES as u64 + 1)),
            Incoming::Text("{}".into()),
        ];
        assert_eq!(decoded(&bytes, 5), expected);
    }

    #[test]
    fn a_message_with_a_piece_that_is_too_long_is_left_out_and_the_next_is_read() {
        let (long, kind) = (100_000, Message::Continuation);
        let x = |length| Bytes::from("x".repeat(length));
        let bytes = from_client(vec![
            kind(Item::FirstText(x(long))),
            kind(Item::Continue(x(1))),
            Message::Ping("p".into()),
            kind(Item::Continue(x(long))),
            kind(Item::Last(x(1))),
            Message::Text("{}".into()),
            kind(Item::FirstText(x(1))),
            kind(Item::Continue(x(long))),
            kind(Item::Last(x(1))),
            kind(Item::FirstText(x(1))),
            kind(Item::Last(x(long))),
            Message::Text("{}".into()),
            kind(Item::FirstBinary(x(long))),
            kind(Item::Last(x(long))),
            Message::Text("[]".into()),
        ]);
        let refused = || Incoming::Unusable(too_large(long as u64));
        for piece in [1, 7, 4096, bytes.len()] {
            let expected = [
                refused(),
                Incoming::Ping("p".into()),
                Incoming::Text("{}".into()),
                refused(),
                refused(),
                Incoming::Text("{}".into()),
                refused(),
                Incoming::Text("[]".into()),
            ];
            assert_eq!(decoded(&bytes, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn a_skipped_frame_that_must_not_come_ends_it_as_a_short_one_does() {
        let x = |length| Bytes::from("x".repeat(length));
        let amid = vec![Message::Continuation(Item::FirstText(x(1))), Message::Ping(x(1))];
        let mut bytes = from_client(amid);
        bytes.extend_from_slice(&from_client(vec![Message::Text("x".repeat(100_000).into())]));
        let incoming = decoded(&bytes, 4096);
        assert!(matches!(incoming[..], [Incoming::Ping(_), Incoming::Broken(_)]), "{incoming:?}");
        let long_ping = decoded(b"\x89\xff\0\0\0\0\0\x01\0\0\0\0\0\0", 100);
        assert!(matches!(long_ping[..], [Incoming::Broken(_)]), "{long_ping:?}");
    }

    #[test]
    fn binary_frames_are_refused_and_bad_ones_end_it() {
        let binary = from_client(vec![Message::Binary("x".into()), Message::Close(None)]);
        assert_eq!(decoded(&binary, 3), [Incoming::Unusable(Refusal::BinaryFrame), Incoming::Close]);
        let unmasked = decoded(b"\x81\x02{}", 4);
        assert!(matches!(unmasked[..], [Incoming::Broken(Refusal::ProtocolError { .. })]), "{unmasked:?}");
    }
}
