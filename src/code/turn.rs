//! Acts that are said to come, or refused, are acts of another type: an aid package that will be sent is a promise
//! (AGREE), a prisoner who will not be freed a refusal (REJECT).

use std::sync::Arc;

use crate::lexicon::rules::Rule;
use crate::model::{Aux, EventType};

/// What is told of a match once its tense and negation are known.
pub(super) struct Told {
    pub event: EventType,
    pub mode: Option<Arc<str>>,
    pub cameo: Option<Arc<str>>,
    pub intensity: f32,
    /// Why it is not the rule's own type.
    pub reason: Option<&'static str>,
}

fn other(event: EventType, cameo: &str, reason: &'static str) -> Told {
    Told {
        event,
        mode: None,
        cameo: Some(cameo.into()),
        intensity: event.facts().intensity,
        reason: Some(reason),
    }
}

/// `own_negation` says that the trigger's own clause holds the "not".
pub(super) fn of(rule: &Rule, aux: &mut Vec<Aux>, own_negation: bool) -> Told {
    use EventType::*;
    let future = aux.contains(&Aux::Future);
    let willed = future || aux.contains(&Aux::Hypothetical);
    if own_negation
        && !rule.negated
        && willed
        && matches!(rule.event, Support | Aid | Cooperate | Concede | Retreat | Agree | Consult)
    {
        aux.retain(|a| !matches!(a, Aux::Negation | Aux::Future | Aux::Hypothetical));
        let cameo = match rule.event {
            Aid => "122",
            Concede | Retreat => "124",
            Consult => "125",
            Cooperate => "121",
            _ => "120",
        };
        return other(Reject, cameo, "what one will not do is a refusal");
    }
    if future
        && !aux.contains(&Aux::Negation)
        && matches!(rule.event, Support | Aid | Cooperate | Concede | Retreat)
    {
        aux.retain(|a| *a != Aux::Future);
        let cameo = match rule.event {
            Aid => "033",
            Concede | Retreat => "035",
            Cooperate => "031",
            _ => "032",
        };
        return other(Agree, cameo, "cooperation to come is a promise");
    }
    plain(rule)
}

/// What the rule says, whatever the tense.
pub(super) fn plain(rule: &Rule) -> Told {
    Told {
        event: rule.event,
        mode: rule.mode.clone(),
        cameo: rule.cameo.clone(),
        intensity: rule.intensity.unwrap_or(rule.event.facts().intensity),
        reason: None,
    }
}
