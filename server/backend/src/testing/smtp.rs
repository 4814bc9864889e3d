//! A small, real SMTP server on this machine that stores what it receives, and misbehaves on request.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What it does instead of accepting a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers the recipient with this line.
    Recipient(&'static str),
    /// Answers the message itself with this line.
    Message(&'static str),
    /// Accepts and stores the whole message, and hangs up without answering.
    DropAfterData,
    /// Accepts and stores the whole message, and never answers.
    HangAfterData,
}

/// A received message.
#[derive(Debug, Clone)]
pub struct ReceivedMail {
    /// `MAIL FROM`.
    pub from: String,
    /// `RCPT TO`.
    pub to: String,
    /// Headers and body, with line breaks as sent and dots unstuffed.
    pub data: String,
}

impl ReceivedMail {
    /// The value of a header, folded lines joined.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split_once("\r\n\r\n").map_or(self.data.as_str(), |(head, _)| head);
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        unfolded.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

#[derive(Default)]
struct State {
    received: Vec<ReceivedMail>,
    faults: HashMap<String, VecDeque<Fault>>,
    always: HashMap<String, Fault>,
    connections: usize,
    refuse_sign_in: bool,
    most_per_connection: Option<usize>,
}

/// The server. Stops when it is dropped.
pub struct SmtpSink {
    port: u16,
    state: Arc<Mutex<State>>,
    arrived: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpSink {
    /// Starts on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        Self::serve(listener)
    }

    /// Starts on this port, for instance again after it was stopped.
    pub async fn start_on(port: u16) -> Self {
        Self::serve(TcpListener::bind(("127.0.0.1", port)).await.expect("the port is free"))
    }

    fn serve(listener: TcpListener) -> Self {
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let arrived = Arc::new(Notify::new());
        let task = tokio::spawn({
            let (state, arrived) = (Arc::clone(&state), Arc::clone(&arrived));
            async move {
                let mut sessions = tokio::task::JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    lock(&state).connections += 1;
                    let (state, arrived) = (Arc::clone(&state), Arc::clone(&arrived));
                    sessions.spawn(async move {
                        // Some tests are about clients that disconnect halfway.
                        let _ = session(stream, &state, &arrived).await;
                    });
                }
            }
        });
        Self { port, state, arrived, task }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The value for `GREENCAP_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Everything received so far, in order.
    pub fn received(&self) -> Vec<ReceivedMail> {
        lock(&self.state).received.clone()
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// Misbehaves with the next message to this address.
    pub fn once(&self, to: &str, fault: Fault) {
        lock(&self.state).faults.entry(to.to_owned()).or_default().push_back(fault);
    }

    /// Misbehaves with every message to this address.
    pub fn always(&self, to: &str, fault: Fault) {
        lock(&self.state).always.insert(to.to_owned(), fault);
    }

    /// Refuses every sign-in.
    pub fn refuse_sign_in(&self) {
        lock(&self.state).refuse_sign_in = true;
    }

    /// Answers 421 once this many messages were sent over one connection.
    pub fn most_per_connection(&self, most: usize) {
        lock(&self.state).most_per_connection = Some(most);
    }

    /// Waits until this many messages have been received.
    pub async fn wait_for(&self, count: usize) {
        self.wait_until(|received| received.len() >= count).await;
    }

    /// Waits until a message to this address has been received.
    pub async fn wait_for_one_to(&self, to: &str) {
        self.wait_until(|received| received.iter().any(|mail| mail.to == to)).await;
    }

    async fn wait_until(&self, enough: impl Fn(&[ReceivedMail]) -> bool) {
        loop {
            let arrived = self.arrived.notified();
            tokio::pin!(arrived);
            arrived.as_mut().enable();
            if enough(&lock(&self.state).received) {
                return;
            }
            arrived.await;
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no test panics while it holds the sink")
}

async fn session(stream: TcpStream, state: &Mutex<State>, arrived: &Notify) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink ESMTP\r\n").await?;
    let (mut from, mut to) = (String::new(), String::new());
    let mut taken = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end();
        let verb = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250-sink\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "AUTH" if lock(state).refuse_sign_in => "535 5.7.8 wrong user name or password",
            "AUTH" => "235 2.7.0 welcome",
            "MAIL" if lock(state).most_per_connection.is_some_and(|most| taken >= most) => {
                stream.write_all(b"421 4.7.0 too many messages on this connection\r\n").await?;
                return Ok(());
            }
            "MAIL" => {
                from = address(command);
                "250 2.1.0 ok"
            }
            "RCPT" => {
                to = address(command);
                match fault(state, &to, |fault| matches!(fault, Fault::Recipient(_))) {
                    Some(Fault::Recipient(reply)) => reply,
                    _ => "250 2.1.5 ok",
                }
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let data = read_data(&mut stream).await?;
                let fault = fault(state, &to, |fault| !matches!(fault, Fault::Recipient(_)));
                if !matches!(fault, Some(Fault::Message(_))) {
                    taken += 1;
                    lock(state).received.push(ReceivedMail { from: from.clone(), to: to.clone(), data });
                    arrived.notify_waiters();
                }
                match fault {
                    Some(Fault::Message(reply)) => reply,
                    Some(Fault::DropAfterData) => return Ok(()),
                    Some(Fault::HangAfterData) => std::future::pending().await,
                    _ => "250 2.0.0 taken",
                }
            }
            "RSET" | "NOOP" => "250 2.0.0 ok",
            "QUIT" => {
                stream.write_all(b"221 2.0.0 bye\r\n").await?;
                return Ok(());
            }
            _ => "502 5.5.1 not here",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
    }
}

/// The fault set for an address, if it is of the wanted kind; one-time faults first.
fn fault(state: &Mutex<State>, to: &str, wanted: impl Fn(&Fault) -> bool) -> Option<Fault> {
    let mut state = lock(state);
    if let Some(queue) = state.faults.get_mut(to)
        && queue.front().is_some_and(&wanted)
    {
        return queue.pop_front();
    }
    state.always.get(to).copied().filter(wanted)
}

fn address(command: &str) -> String {
    command
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map_or("", |(address, _)| address)
        .to_owned()
}

async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
