//! Webhooks: records as CloudEvents in batches, each asked again until it was taken or refused.

use std::time::Duration;

use sha2::{Digest, Sha256};
use ureq::Agent;

use super::onward::Onward;
use crate::export::cloud_event;
use crate::export::parquet::Pair;

/// Records in a request.
const BATCH: usize = 100;

/// Somebody who is told by HTTP.
pub(super) struct Webhook {
    agent: Agent,
    url: String,
}

impl Webhook {
    pub fn new(url: &str) -> Webhook {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("chancery/", env!("CARGO_PKG_VERSION")))
            .build();
        Webhook { agent: config.into(), url: url.into() }
    }

    /// Tells all of them. A batch that is refused for good (4xx) is told one by one, and what is refused then is set
    /// aside; anything else is for later.
    pub fn write(&self, records: &[Pair], onward: &Onward) -> Result<(), String> {
        for batch in records.chunks(BATCH) {
            match self.post(batch)? {
                Answer::Taken => {}
                Answer::Refused(_) if batch.len() > 1 => {
                    for one in batch.chunks(1) {
                        if let Answer::Refused(why) = self.post(one)? {
                            onward.bury(one, &why).map_err(|e| e.to_string())?;
                        }
                    }
                }
                Answer::Refused(why) => onward.bury(batch, &why).map_err(|e| e.to_string())?,
            }
        }
        Ok(())
    }

    fn post(&self, batch: &[Pair]) -> Result<Answer, String> {
        let events: Vec<_> = batch.iter().map(|(record, _)| cloud_event(record)).collect();
        let body = serde_json::to_vec(&events).map_err(|e| e.to_string())?;
        // The same batch has the same key, so that a receiver can tell a repeated one.
        let key: String = Sha256::digest(&body).iter().take(16).map(|b| format!("{b:02x}")).collect();
        let request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/cloudevents-batch+json; charset=utf-8")
            .header("idempotency-key", key);
        let status = request.send(&body[..]).map_err(|e| e.to_string())?.status().as_u16();
        match status {
            200..=299 => Ok(Answer::Taken),
            // Not now: too many, too early, or somebody in between is tired.
            408 | 425 | 429 | 500.. => Err(format!("it answered {status}")),
            _ => Ok(Answer::Refused(format!("it answered {status}"))),
        }
    }
}

enum Answer {
    Taken,
    Refused(String),
}
