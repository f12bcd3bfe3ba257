//! What has come by each channel and what waits there, for head office, its programs, and whatever watches over this machine:
//! the same figures for all of them, from the store, so that none begins again at a start.
//!
//! [`write_figures`] is the text of OpenMetrics 1.0, which [`serve`] answers to a `GET /metrics`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::store::{ChannelCount, FileChannelState, Store, StoreError};
use crate::domain::Timestamp;
use crate::domain::ids::ChannelId;

/// How large a question may be, and how long it and its answer may take.
const QUESTION_BYTES_MAX: usize = 8 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
/// How many are answered at the same time.
const ANSWERS_MAX: usize = 4;
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// One channel's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelFigures {
    /// What came by it, by any path; nothing of a channel that nothing has come by.
    pub count: ChannelCount,
    /// How its pick-up stands, when its orders come as files.
    pub files: Option<FileChannelState>,
}

/// Every channel there is, and every one that is no more and by which something came; by name.
///
/// # Errors
/// The store does not answer.
pub async fn list_figures<S: Store>(store: &S) -> Result<Vec<ChannelFigures>, StoreError> {
    let mut figures: BTreeMap<ChannelId, ChannelFigures> = BTreeMap::new();
    for channel in store.list_channels().await? {
        let count = nothing_by(channel.channel.clone());
        figures.insert(channel.channel, ChannelFigures { count, files: None });
    }
    for count in store.list_channel_counts().await? {
        let found = figures.remove(&count.channel).and_then(|found| found.files);
        figures.insert(count.channel.clone(), ChannelFigures { count, files: found });
    }
    for channel in store.list_file_channels().await? {
        if let Some(found) = figures.get_mut(&channel.settings.channel) {
            found.files = Some(channel.state);
        }
    }
    Ok(figures.into_values().collect())
}

const fn nothing_by(channel: ChannelId) -> ChannelCount {
    ChannelCount { channel, received: 0, imported: 0, duplicates: 0, problems: 0, open: 0, oldest_open_at: None }
}

/// The figures as text. Times are seconds since 1970; a time that is not known is left out.
pub fn write_figures(figures: &[ChannelFigures]) -> String {
    let seconds = |at: Option<Timestamp>| at.map(|at| at.timestamp_micros() as f64 / 1e6);
    let mut text = Text::default();
    text.family("central_channel_orders", "counter", "Orders, changes and cancellations that came by the channel.");
    for ChannelFigures { count, .. } in figures {
        text.sample("central_channel_orders_total", &count.channel, "", count.received as f64);
    }
    text.family("central_channel_outcomes", "counter", "What came of them.");
    for ChannelFigures { count, .. } in figures {
        let outcomes = [("imported", count.imported), ("duplicate", count.duplicates), ("problem", count.problems)];
        for (outcome, times) in outcomes {
            let label = format!(",outcome=\"{outcome}\"");
            text.sample("central_channel_outcomes_total", &count.channel, &label, times as f64);
        }
    }
    text.family("central_channel_problems_open", "gauge", "Problem orders that wait for head office.");
    for ChannelFigures { count, .. } in figures {
        text.sample("central_channel_problems_open", &count.channel, "", count.open as f64);
    }
    let name = "central_channel_oldest_problem_timestamp_seconds";
    text.family(name, "gauge", "Since when the oldest of them waits.");
    for ChannelFigures { count, .. } in figures {
        text.sample_if(name, &count.channel, seconds(count.oldest_open_at));
    }
    let of_files: [(&str, &str, &str, fn(&FileChannelState) -> Option<f64>); 2] = [
        ("central_channel_files", "counter", "Files that were taken.", |state| Some(state.received as f64)),
        ("central_channel_files_waiting", "gauge", "Files that wait to stand still.", |state| {
            Some(f64::from(state.waiting))
        }),
    ];
    let with_files = || figures.iter().filter_map(|figures| Some((&figures.count.channel, figures.files.as_ref()?)));
    for (name, kind, help, figure) in of_files {
        text.family(name, kind, help);
        let sample = if kind == "counter" { format!("{name}_total") } else { name.to_owned() };
        for (channel, state) in with_files() {
            text.sample_if(&sample, channel, figure(state));
        }
    }
    let times: [(&str, &str, fn(&FileChannelState) -> Option<Timestamp>); 3] = [
        ("central_channel_oldest_file_timestamp_seconds", "When the oldest file that waits was seen first.", |state| {
            state.oldest_waiting_at
        }),
        ("central_channel_looked_timestamp_seconds", "When its folder was looked at last.", |state| state.looked_at),
        ("central_channel_failing_timestamp_seconds", "Since when looking fails, while it does.", |state| {
            state.failing_since
        }),
    ];
    for (name, help, time) in times {
        text.family(name, "gauge", help);
        for (channel, state) in with_files() {
            text.sample_if(name, channel, seconds(time(state)));
        }
    }
    text.0 + "# EOF\n"
}

/// OpenMetrics as it grows.
#[derive(Default)]
struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a text cannot fail; `write!` only says so by its type.
        let _ = write!(self.0, "# TYPE {name} {kind}\n# HELP {name} {help}\n");
    }

    fn sample(&mut self, name: &str, channel: &ChannelId, labels: &str, value: f64) {
        let channel = channel.as_str().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = writeln!(self.0, "{name}{{channel=\"{channel}\"{labels}}} {value}");
    }

    fn sample_if(&mut self, name: &str, channel: &ChannelId, value: Option<f64>) {
        if let Some(value) = value {
            self.sample(name, channel, "", value);
        }
    }
}

/// Answers whoever asks there until `stopping` turns true or goes away. Ends when no answer holds the store.
pub async fn serve<S: Store>(listener: TcpListener, store: S, mut stopping: watch::Receiver<bool>) {
    let room = Arc::new(Semaphore::new(ANSWERS_MAX));
    let mut answers = JoinSet::new();
    loop {
        let permit = tokio::select! {
            permit = room.clone().acquire_owned() => permit,
            () = told_to_stop(&mut stopping) => break,
        };
        let Ok(permit) = permit else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "nobody can ask for figures at the moment");
                    // Out of descriptors, most likely: it passes, and asking again at once would only turn in a circle.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    continue;
                }
            },
            () = told_to_stop(&mut stopping) => break,
        };
        let store = store.clone();
        answers.spawn(async move {
            let _permit = permit;
            match tokio::time::timeout(PATIENCE, answer(stream, &store)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::debug!(%error, "somebody who asked for figures went away"),
                Err(_) => tracing::debug!("somebody who asked for figures took too long"),
            }
        });
        while answers.try_join_next().is_some() {}
    }
    answers.shutdown().await;
}

/// Waits until told to stop, or until nobody is left who could.
async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stop| *stop).await);
}

/// One question of HTTP/1.1 (RFC 9112), one answer, and the connection is closed.
async fn answer<S: Store>(mut stream: TcpStream, store: &S) -> std::io::Result<()> {
    let mut question = Vec::with_capacity(1024);
    while !question.windows(4).any(|end| end == b"\r\n\r\n") {
        if question.len() > QUESTION_BYTES_MAX || stream.read_buf(&mut question).await? == 0 {
            return Ok(());
        }
    }
    let line = question.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let mut words = line.split(|byte| *byte == b' ');
    let (status, body) = match (words.next(), words.next()) {
        (Some(b"GET"), Some(b"/metrics")) => match list_figures(store).await {
            Ok(figures) => ("200 OK", write_figures(&figures)),
            Err(error) => {
                tracing::error!(%error, "the figures of the channels cannot be read");
                ("503 Service Unavailable", String::new())
            }
        },
        (Some(b"GET"), _) => ("404 Not Found", String::new()),
        _ => ("405 Method Not Allowed", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::central::testing::at;

    #[test]
    fn figures_are_written_as_openmetrics_wants_them() {
        let count = ChannelCount {
            channel: "ma\"ll\\".into(),
            received: 7,
            imported: 4,
            duplicates: 1,
            problems: 2,
            open: 1,
            oldest_open_at: Some(at(5)),
        };
        let files = FileChannelState { received: 3, waiting: 2, looked_at: Some(at(9)), ..FileChannelState::default() };
        let website = nothing_by("website".into());
        let figures = [ChannelFigures { count, files: Some(files) }, ChannelFigures { count: website, files: None }];
        let text = write_figures(&figures);
        let seconds = |after: i64| at(after).timestamp();
        let channel = r#"{channel="ma\"ll\\""#;
        for line in [
            format!("central_channel_orders_total{channel}}} 7"),
            format!("central_channel_outcomes_total{channel},outcome=\"imported\"}} 4"),
            format!("central_channel_outcomes_total{channel},outcome=\"duplicate\"}} 1"),
            format!("central_channel_outcomes_total{channel},outcome=\"problem\"}} 2"),
            format!("central_channel_problems_open{channel}}} 1"),
            format!("central_channel_oldest_problem_timestamp_seconds{channel}}} {}", seconds(5)),
            format!("central_channel_files_total{channel}}} 3"),
            format!("central_channel_files_waiting{channel}}} 2"),
            format!("central_channel_looked_timestamp_seconds{channel}}} {}", seconds(9)),
            "central_channel_orders_total{channel=\"website\"} 0".to_owned(),
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("failing_timestamp_seconds{") && !text.contains("files_total{channel=\"website\"}"));
        assert!(text.ends_with("# EOF\n"));
        // A family's samples stand together behind its type, and each is named after it.
        let mut family = String::new();
        for line in text.lines().filter(|line| *line != "# EOF") {
            match line.strip_prefix("# TYPE ") {
                Some(of) => family = of.split(' ').next().unwrap().to_owned(),
                None => assert!(line.trim_start_matches("# HELP ").starts_with(&family), "{line} in {family}"),
            }
        }
    }
}
