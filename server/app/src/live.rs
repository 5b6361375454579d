//! One WebSocket: one task, one `select!`.
//!
//! What goes out: answers first, then what the viewer's runs have new. What comes in
//! is heard only while few answers wait, so a client that asks without reading stops
//! itself. A socket must make its first request within five seconds; later it may
//! listen in silence, but must answer pings.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use actix_http::ws::CloseCode;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use protocol::socket::{Done, Frame, Request, RequestOp, Start};
use protocol::{Command, Lang};
use tokio::time::{interval, sleep_until};

use crate::frame_decoder::Incoming;
use crate::frames::{self, Inbound, Outbound};
use crate::pace::Pace;
use crate::problem::Problem;
use crate::refusal::{FieldFault, Refusal};
use crate::security::admit;
use crate::state::State;
use crate::viewer::{Viewer, encode};
use crate::{lang, request, start};

/// From the handshake to the first request.
const HELLO_WITHIN: Duration = Duration::from_secs(5);

/// From ping to ping; proxies cut what is silent for a minute.
const PING_EVERY: Duration = Duration::from_secs(20);

/// Without a sign of life for so long a client is taken for gone.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// So many answers may wait to be read.
const ANSWERS_MAX: usize = 32;

/// So many runs may be followed at once.
const FOLLOWS_MAX: usize = 64;

/// `GET /ws`.
pub async fn socket(
    request: HttpRequest,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let admitted = admit(&request, &state.admission).map_err(|refusal| Problem::of(&request, refusal))?;
    let opened = frames::open(&request, payload);
    let (response, inbound, outbound) = opened.map_err(|refusal| Problem::of(&request, refusal))?;
    let session = Session::new(state.clone(), lang::of(&request), admitted);
    state.sockets.spawn_local(converse(inbound, outbound, session));
    Ok(response)
}

async fn converse(mut inbound: Inbound, outbound: Outbound, mut session: Session) {
    let hello_by = Instant::now() + HELLO_WITHIN;
    let mut beat = interval(PING_EVERY);
    let mut closing = session.state.closing.subscribe();
    beat.reset();
    loop {
        let now = Instant::now();
        session.settle(*closing.borrow());
        let (has_frame, listens, due) = (session.has_frame(now), session.listens(), session.due(now));
        tokio::select! {
            biased;
            room = outbound.room(), if has_frame => match (room, session.next_frame(now)) {
                (Some(room), Some(frame)) => room.send(frame),
                (Some(_), None) => {}
                (None, _) => return,
            },
            incoming = inbound.next(), if listens => match incoming {
                Some(incoming) => session.hear(incoming).await,
                None => return,
            },
            () = session.viewer.changed() => {}
            () = sleep_until(due.unwrap_or(now).into()), if due.is_some() => {}
            () = sleep_until(hello_by.into()), if !session.greeted => session.dismiss(Refusal::HelloTimeout),
            _ = beat.tick() => if !session.beat() { return },
            Ok(()) = closing.changed() => {}
            () = outbound.gone() => return,
        }
        if session.is_over() {
            return;
        }
    }
}

/// What is known of one client.
struct Session {
    state: Data<State>,
    lang: Lang,
    /// The one scenario that an embed may start; our own pages start any.
    only: Option<String>,
    viewer: Viewer,
    pace: Pace,
    answers: VecDeque<Bytes>,
    heard: Instant,
    greeted: bool,
    /// The close frame is among the answers or was sent.
    closed: bool,
}

impl Session {
    fn new(state: Data<State>, lang: Lang, only: Option<String>) -> Self {
        Session {
            state,
            lang,
            only,
            viewer: Viewer::default(),
            pace: Pace::default(),
            answers: VecDeque::new(),
            heard: Instant::now(),
            greeted: false,
            closed: false,
        }
    }

    fn listens(&self) -> bool {
        self.answers.len() < ANSWERS_MAX && !self.closed
    }

    fn has_frame(&self, now: Instant) -> bool {
        !self.answers.is_empty()
            || self.viewer.is_amid_batch()
            || (self.viewer.has_news() && self.pace.allows(now))
    }

    /// When the pace allows what now has to wait.
    fn due(&self, now: Instant) -> Option<Instant> {
        self.pace.next().filter(|next| *next > now && self.viewer.has_news())
    }

    fn next_frame(&mut self, now: Instant) -> Option<Bytes> {
        if let Some(answer) = self.answers.pop_front() {
            return Some(answer);
        }
        if !self.viewer.is_amid_batch() {
            self.pace.sent(now);
        }
        self.viewer.next_frame()
    }

    /// Says goodbye when the server is ending and every followed run has come to its end.
    fn settle(&mut self, closing: bool) {
        if closing && !self.closed && self.viewer.follows() == 0 && self.answers.is_empty() {
            self.close(CloseCode::Away, "the server is shutting down");
        }
    }

    fn is_over(&self) -> bool {
        self.closed && self.answers.is_empty()
    }

    fn close(&mut self, code: CloseCode, why: &str) {
        self.answers.push_back(frames::close(code, why));
        self.closed = true;
    }

    /// Tells why and closes.
    fn dismiss(&mut self, refusal: Refusal) {
        let why = refusal.code();
        let code = match refusal {
            Refusal::ProtocolError { .. } => CloseCode::Protocol,
            _ => CloseCode::Policy,
        };
        self.refuse(None, refusal);
        self.close(code, why);
    }

    /// Pings; whether the client seems to be there.
    fn beat(&mut self) -> bool {
        self.answers.push_back(frames::ping());
        self.heard.elapsed() < SILENCE_MAX
    }

    async fn hear(&mut self, incoming: Incoming) {
        self.heard = Instant::now();
        match incoming {
            Incoming::Text(text) => {
                self.greeted = true;
                self.answer(&text).await;
            }
            Incoming::Ping(bytes) => self.answers.push_back(frames::pong(&bytes)),
            Incoming::Pong => {}
            Incoming::Unusable(refusal) => self.refuse(None, refusal),
            Incoming::Broken(refusal) => self.dismiss(refusal),
            Incoming::Close => self.close(CloseCode::Normal, ""),
        }
    }

    async fn answer(&mut self, text: &str) {
        let answered = match request::frame(text) {
            Ok(Request { id, op }) => self.obey(op).await.map(|ok| (id, ok)).map_err(|no| (Some(id), no)),
            Err(unclear) => Err(unclear),
        };
        match answered {
            Ok((id, ok)) => self.answers.push_back(encode(&Frame::Ok { id, ok })),
            Err((id, refusal)) => self.refuse(id, refusal),
        }
    }

    fn refuse(&mut self, id: Option<u64>, refusal: Refusal) {
        let error = refusal.told(self.state.texts.of(self.lang), self.lang);
        self.answers.push_back(encode(&Frame::Error { id, error }));
    }

    async fn obey(&mut self, op: RequestOp) -> Result<Done, Refusal> {
        match op {
            RequestOp::Start(wish) => self.start(wish),
            RequestOp::Follow { run, after } => self.follow(run, after).await,
            RequestOp::Unfollow { run } => {
                self.viewer.unfollow(&run);
                Ok(Done { run, token: None })
            }
            RequestOp::Signal { run, token, pid, signal } => {
                self.command(run, &token, Command::Signal { pid, signal }).await
            }
            RequestOp::Stop { run, token } => self.command(run, &token, stop()).await,
        }
    }

    fn start(&mut self, wish: Start) -> Result<Done, Refusal> {
        self.check_follows()?;
        if self.only.as_ref().is_some_and(|only| *only != wish.scenario) {
            return Err(Refusal::ForeignOrigin);
        }
        let job = start::job(&self.state.catalogue, &self.state.limits, wish)?;
        let (run, token) = self.state.runs.start(job)?;
        let done = Done { run: run.id().to_owned(), token: Some(token) };
        self.viewer.follow(run, 0);
        Ok(done)
    }

    async fn follow(&mut self, id: String, after: u64) -> Result<Done, Refusal> {
        self.check_follows()?;
        let run = self.state.runs.find(&id).await?;
        check_after(after, run.log.progress().events)?;
        self.viewer.follow(run, after);
        Ok(Done { run: id, token: None })
    }

    fn check_follows(&self) -> Result<(), Refusal> {
        let max = FOLLOWS_MAX;
        if self.viewer.follows() < max { Ok(()) } else { Err(Refusal::TooManyFollows { max }) }
    }

    async fn command(&self, id: String, token: &str, command: Command) -> Result<Done, Refusal> {
        let run = self.state.runs.find(&id).await?;
        run.admit(token)?;
        run.command(command)?;
        Ok(Done { run: id, token: None })
    }
}

/// The wish of a visitor to end a run.
pub fn stop() -> Command {
    Command::Stop { reason: "stopped by the visitor".into() }
}

/// A reader cannot have more events than there are.
pub fn check_after(after: u64, events: u64) -> Result<(), Refusal> {
    if after <= events { Ok(()) } else { Err(Refusal::field("after", FieldFault::Beyond { after, events })) }
}
