//! What a scout proposes where no rule of that type wakes: an act of a type, with parties sought in the usual places.

use std::sync::{Arc, OnceLock};

use super::class;
use crate::lexicon::rules::{Rule, Slot};
use crate::model::{EventType, RuleRef};

/// The least probability at which a scout proposes an act.
pub const PROPOSES: f32 = 0.1;

/// The types in the order of their classes; of the two kinds of yielding the verbal one.
pub const TYPES: [EventType; super::NONE] = {
    use EventType::*;
    [
        Agree, Consult, Support, Concede, Cooperate, Aid, Request, Accuse, Reject, Threaten, Protest,
        Sanction, Mobilize, Coerce, Assault,
    ]
};

/// The reading of an act of this class, mutual or not. It is cited like a rule, and is judged like one.
pub fn rule(root: usize, mutual: bool) -> &'static Rule {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let both = |&event: &EventType| [reading(event, false), reading(event, true)];
        TYPES.iter().flat_map(both).collect()
    });
    &rules[2 * root + usize::from(mutual)]
}

fn reading(event: EventType, mutual: bool) -> Rule {
    use EventType::*;
    debug_assert_eq!(TYPES[class(event)], event);
    let prep = |p: &&str| Slot::Prep((*p).into());
    let toward = ["against", "on", "to", "with", "at", "for", "of", "from", "over", "into", "in"];
    let mut recipient = vec![Slot::Obj, Slot::Iobj];
    recipient.extend(toward.iter().map(prep));
    recipient.push(Slot::Comp);
    let mut actor = vec![Slot::Subj];
    actor.extend(["by", "of", "from", "between"].iter().map(prep));
    actor.push(Slot::HeadSubj);
    let name = event.as_str();
    Rule {
        cite: RuleRef {
            id: format!("scout.{}", name.to_lowercase()).into(),
            at: Arc::from("the scout's reading of the sentence; no rule names the word"),
        },
        event,
        mode: None,
        cameo: Some(root_code(event).into()),
        context: Vec::new(),
        intensity: None,
        objects: Vec::new(),
        not_objects: Vec::new(),
        actor,
        recipient,
        needs_recipient: matches!(event, Consult | Cooperate | Aid | Support | Sanction | Agree),
        reciprocal: mutual,
        swap: false,
        passive: true,
        headline: false,
        comp: false,
        scope: false,
        confidence: 0.5,
        comp_aux: Vec::new(),
        negated: event == Reject,
        subjects: Vec::new(),
        not_subjects: Vec::new(),
        actor_kind: Vec::new(),
        recipient_kind: Vec::new(),
        without: Vec::new(),
        triggers: Vec::new(),
        examples: Vec::new(),
        expect: "".into(),
    }
}

/// The CAMEO root that a type stands for where nothing closer is known.
fn root_code(event: EventType) -> &'static str {
    use EventType::*;
    match event {
        Agree => "030",
        Consult => "040",
        Support => "050",
        Cooperate => "060",
        Aid => "070",
        Concede => "080",
        Retreat => "087",
        Request => "100",
        Accuse => "110",
        Reject => "120",
        Threaten => "130",
        Protest => "140",
        Mobilize => "150",
        Sanction => "160",
        Coerce => "170",
        Assault => "190",
    }
}
