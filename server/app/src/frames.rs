//! WebSocket frames in and out of an actix connection.
//!
//! Outwards the connection pulls: it takes the next frame when its buffer has room,
//! so a viewer that does not read holds one frame and its connection's buffer and
//! nothing else. Inwards it reads no further than the next frame; what the bytes mean
//! is [`crate::frame_decoder`]'s.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use actix_http::ws::{self, CloseCode, CloseReason, Parser};
use actix_web::body::BodyStream;
use actix_web::web::{Bytes, BytesMut, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::Stream;
use tokio::sync::mpsc;

use crate::frame_decoder::{FrameDecoder, Incoming};
use crate::refusal::Refusal;

/// Answers the upgrade: the response, the frames that come and where frames go.
///
/// # Errors
/// The request is no WebSocket handshake.
pub fn open(request: &HttpRequest, payload: Payload) -> Result<(HttpResponse, Inbound, Outbound), Refusal> {
    let handshake = ws::handshake(request.head());
    let mut response = handshake.map_err(|error| Refusal::BadHandshake { reason: error.to_string() })?;
    let (outbound, body) = mpsc::channel(1);
    let response = response
        .message_body(BodyStream::new(Body(body)))
        .map_err(|error| Refusal::BadHandshake { reason: error.to_string() })?;
    Ok((HttpResponse::from(response.map_into_boxed_body()), Inbound::new(payload), Outbound(outbound)))
}

/// Where frames go, one at a time.
pub struct Outbound(mpsc::Sender<Bytes>);

/// Room for one frame.
pub struct Room<'a>(mpsc::Permit<'a, Bytes>);

impl Outbound {
    /// Waits until the connection takes another frame; `None` when it is gone.
    pub async fn room(&self) -> Option<Room<'_>> {
        self.0.reserve().await.ok().map(Room)
    }

    /// Waits until the connection is gone.
    pub async fn gone(&self) {
        self.0.closed().await;
    }
}

impl Room<'_> {
    /// Hands a frame to the connection.
    pub fn send(self, frame: Bytes) {
        self.0.send(frame);
    }
}

/// A text frame.
pub fn text(text: &str) -> Bytes {
    encode(text.as_bytes(), ws::OpCode::Text)
}

/// An empty ping.
pub fn ping() -> Bytes {
    encode(b"", ws::OpCode::Ping)
}

/// A pong with the bytes of the ping.
pub fn pong(bytes: &[u8]) -> Bytes {
    encode(bytes, ws::OpCode::Pong)
}

/// The last frame of all.
pub fn close(code: CloseCode, why: &str) -> Bytes {
    let mut frame = BytesMut::new();
    Parser::write_close(&mut frame, Some(CloseReason::from((code, why))), false);
    frame.freeze()
}

fn encode(payload: &[u8], opcode: ws::OpCode) -> Bytes {
    // A header has at most ten bytes, RFC 6455 section 5.2.
    let mut frame = BytesMut::with_capacity(payload.len() + 10);
    Parser::write_message(&mut frame, payload, opcode, true, false);
    frame.freeze()
}

/// The response's body: frames as the connection asks for them.
struct Body(mpsc::Receiver<Bytes>);

impl Stream for Body {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|frame| frame.map(Ok))
    }
}

/// The frames that come.
pub struct Inbound {
    payload: Payload,
    decoder: FrameDecoder,
}

impl Inbound {
    fn new(payload: Payload) -> Self {
        Inbound { payload, decoder: FrameDecoder::default() }
    }

    /// The next frame; `None` when the connection is gone. May be dropped while it waits.
    pub async fn next(&mut self) -> Option<Incoming> {
        loop {
            if let Some(incoming) = self.decoder.next() {
                return Some(incoming);
            }
            let mut payload = pin!(&mut self.payload);
            let bytes = poll_fn(|context| payload.as_mut().poll_next(context)).await?.ok()?;
            self.decoder.feed(&bytes);
        }
    }
}
