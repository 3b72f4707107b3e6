//! `serve`: the page and the API over output that is there, or grows.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use chancery::feed::{Feed, Wake};
use chancery::serve::{Door, Limits, Options, Readers, Server, Texts, is_local};
use tokio::net::TcpListener;

use crate::cli::{Common, HttpArgs, ServeArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::{run, setup, summary};

/// Runs the command until the user stops it.
pub fn run(common: &Common, args: &ServeArgs) -> Outcome {
    for path in &args.events {
        if path.is_dir() {
            let hint = "hint: name the file that watch writes; its rotated parts are found beside it";
            return Err(Failure::new(Exit::Usage, format!("{} is a directory\n  {hint}", path.display())));
        }
        if !path.exists() && !has_parts(path) {
            let hint = "hint: chancery demo shows the page with sample articles";
            return Err(Failure::new(Exit::Usage, format!("there is no {}\n  {hint}", path.display())));
        }
    }
    let http = Http::open(&args.http, args.open)?;
    let reader = Arc::new(setup::reader(common, &setup::config(common)?)?);
    let feed = Feed::new(&args.events, None);
    let bell = Wake::default();
    let server = Server::new(feed, bell, http.options(Arc::new(move || reader.clone()), &args.events, false));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = http.listener().await?;
        http.say(common, &listener)?;
        let signals = run::Signals::listen()?;
        server.run(listener, signals.stopped()).await?;
        Ok::<(), Failure>(())
    });
    runtime.shutdown_background();
    served.map(|()| Exit::Stopped)
}

/// Whether an output was written in rotated parts alone.
fn has_parts(path: &std::path::Path) -> bool {
    let mut feed = Feed::new(std::slice::from_ref(&path.to_path_buf()), None);
    feed.next_chunk().is_ok_and(|chunk| chunk.is_some())
}

/// Where to listen and whom to let in.
pub struct Http {
    address: SocketAddr,
    open_browser: bool,
    door: Door,
    roots: Vec<PathBuf>,
}

impl Http {
    /// From what was typed: an address that others can reach needs a token, or the word that none is wanted.
    pub fn open(args: &HttpArgs, open_browser: bool) -> Result<Http, Failure> {
        let address = SocketAddr::new(args.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)), args.port);
        let token = args.token.clone().filter(|t| !t.is_empty());
        if !is_local(&address) && token.is_none() && !args.insecure {
            let why = format!("{} can be reached from elsewhere, and there is no token", address.ip());
            let hint = "hint: --token SECRET (or CHANCERY_TOKEN) asks for one; --insecure lets everybody in";
            return Err(Failure::new(Exit::Usage, format!("{why}\n  {hint}")));
        }
        let fits =
            |t: &String| t.len() >= 8 && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        if token.as_ref().is_some_and(|t| !fits(t)) {
            let hint = "hint: at least 8 letters, digits, - . _ ~, such as  openssl rand -hex 16  gives";
            return Err(Failure::new(Exit::Usage, format!("this token cannot be used\n  {hint}")));
        }
        let door = Door { token, hosts: args.host.clone() };
        Ok(Http { address, open_browser, door, roots: args.articles.clone() })
    }

    /// A directory whose articles may be read again for evidence.
    pub fn and_articles_in(mut self, dir: PathBuf) -> Http {
        self.roots.push(dir);
        self
    }

    /// What the server is made of.
    pub fn options(&self, readers: Readers, events: &[PathBuf], samples: bool) -> Options {
        let reports = events.first().map(|first| {
            let mut name = first.as_os_str().to_owned();
            name.push(".reports.test");
            PathBuf::from(name)
        });
        let texts = Texts { roots: self.roots.clone(), samples };
        Options { door: self.door.clone(), readers: Some(readers), texts, reports, limits: Limits::default() }
    }

    /// Takes the port.
    pub async fn listener(&self) -> Result<TcpListener, Failure> {
        TcpListener::bind(self.address).await.map_err(|e| {
            let hint = "hint: -p 0 picks a free port";
            Failure::new(Exit::Output, format!("cannot listen on {}: {e}\n  {hint}", self.address))
        })
    }

    /// Says where the page is, and opens it if that was asked for.
    pub fn say(&self, common: &Common, listener: &TcpListener) -> Result<(), Failure> {
        let address = listener.local_addr()?;
        let mut url = format!("http://{address}/");
        if let Some(token) = &self.door.token {
            url.push_str(&format!("?token={token}"));
        }
        let mut fields = serde_json::Map::new();
        fields.insert("url".into(), url.clone().into());
        summary::say(common.log_format == "json", &format!("dashboard: {url}"), fields);
        if self.open_browser {
            let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            if let Err(e) = std::process::Command::new(opener).arg(&url).spawn() {
                anstream::eprintln!("cannot open a browser ({opener}: {e}); open {url} yourself");
            }
        }
        Ok(())
    }
}

/// Serves beside a flow, on threads of its own, until the handle is dropped.
pub struct Beside {
    runtime: Option<tokio::runtime::Runtime>,
}

impl Beside {
    /// Takes the port and says where the page is; serving begins when `begin` resolves.
    pub fn start(
        http: &Http,
        common: &Common,
        server: Server,
        begin: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Beside, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(http.listener())?;
        http.say(common, &listener)?;
        runtime.spawn(async move {
            begin.await;
            if let Err(e) = server.run(listener, std::future::pending()).await {
                tracing::error!(error = %e, "the page is not served any more; the watch goes on");
            }
        });
        Ok(Beside { runtime: Some(runtime) })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
