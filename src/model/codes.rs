//! The 16 event types with their quad classes, intensities and modes.
//!
//! Names and figures are those of the PLOVER ontology (OEDA, 2018 and later); the descriptions are our own words.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum EventType {
    Agree,
    Consult,
    Support,
    Concede,
    Cooperate,
    Aid,
    Retreat,
    Request,
    Accuse,
    Reject,
    Threaten,
    Protest,
    Sanction,
    Mobilize,
    Coerce,
    Assault,
}

/// The fixed facts of an event type.
#[derive(Debug)]
pub struct TypeFacts {
    /// The type.
    pub event: EventType,
    /// Its name in records.
    pub name: &'static str,
    /// 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.
    pub quad: u8,
    /// -10 (conflict) to 10 (cooperation).
    pub intensity: f32,
    /// What the actor does, in one line.
    pub about: &'static str,
    /// Its modes.
    pub modes: &'static [&'static str],
}

/// All types, in the order of the quads.
pub const TYPES: [TypeFacts; 16] = [
    TypeFacts {
        event: EventType::Agree,
        name: "AGREE",
        quad: 1,
        intensity: 2.5,
        about: "promises, offers or agrees to do something cooperative; a future act of cooperation",
        modes: &[],
    },
    TypeFacts {
        event: EventType::Consult,
        name: "CONSULT",
        quad: 1,
        intensity: 2.5,
        about: "meets, visits, telephones or negotiates",
        modes: &["visit", "third-party", "multilateral", "phone"],
    },
    TypeFacts {
        event: EventType::Support,
        name: "SUPPORT",
        quad: 1,
        intensity: 5.0,
        about: "praises, endorses, recognises, signs or ratifies: cooperation in words",
        modes: &[],
    },
    TypeFacts {
        event: EventType::Concede,
        name: "CONCEDE",
        quad: 1,
        intensity: 4.5,
        about: "gives way to a demand or eases a measure short of material withdrawal",
        modes: &[],
    },
    TypeFacts {
        event: EventType::Cooperate,
        name: "COOPERATE",
        quad: 2,
        intensity: 9.5,
        about: "cooperates in deeds: joint exercises, trade resumed, intelligence shared, extradition",
        modes: &[],
    },
    TypeFacts {
        event: EventType::Aid,
        name: "AID",
        quad: 2,
        intensity: 10.0,
        about: "gives money, arms, relief, protection or asylum",
        modes: &[],
    },
    TypeFacts {
        event: EventType::Retreat,
        name: "RETREAT",
        quad: 2,
        intensity: 6.5,
        about: "withdraws, releases, disarms, ceases fire, admits or resigns",
        modes: &["withdraw", "release", "disarm", "ceasefire", "access", "resign"],
    },
    TypeFacts {
        event: EventType::Request,
        name: "REQUEST",
        quad: 3,
        intensity: 0.0,
        about: "asks, urges, appeals for or demands",
        modes: &["assist", "change", "yield", "meet"],
    },
    TypeFacts {
        event: EventType::Accuse,
        name: "ACCUSE",
        quad: 3,
        intensity: -3.0,
        about: "criticises, condemns, alleges, sues, investigates or charges",
        modes: &["disapprove", "investigate", "allege"],
    },
    TypeFacts {
        event: EventType::Reject,
        name: "REJECT",
        quad: 3,
        intensity: -2.0,
        about: "refuses, vetoes, denies a request or halts talks",
        modes: &["assist", "change", "yield", "meet"],
    },
    TypeFacts {
        event: EventType::Threaten,
        name: "THREATEN",
        quad: 3,
        intensity: -3.5,
        about: "warns of consequences or sets an ultimatum",
        modes: &["restrict", "arrest", "relations", "expel", "territory", "violence"],
    },
    TypeFacts {
        event: EventType::Protest,
        name: "PROTEST",
        quad: 4,
        intensity: -5.0,
        about: "civilians demonstrate, strike, riot or boycott",
        modes: &["demo", "riot", "strike", "hunger", "boycott", "obstruct"],
    },
    TypeFacts {
        event: EventType::Sanction,
        name: "SANCTION",
        quad: 4,
        intensity: -6.0,
        about: "reduces relations: embargo, sanctions, tariffs as punishment, expulsions, aid cut",
        modes: &["convict", "expel", "withdraw", "discontinue"],
    },
    TypeFacts {
        event: EventType::Mobilize,
        name: "MOBILIZE",
        quad: 4,
        intensity: -5.5,
        about: "deploys forces, raises an alert, shows force",
        modes: &["troops", "weapons", "police", "militia"],
    },
    TypeFacts {
        event: EventType::Coerce,
        name: "COERCE",
        quad: 4,
        intensity: -7.0,
        about: "arrests, seizes, restricts, bans, blockades, attacks by cyber means",
        modes: &[
            "seize",
            "restrict",
            "ban",
            "censor",
            "curfew",
            "martial-law",
            "arrest",
            "deport",
            "withhold",
            "misinformation",
            "cyber",
        ],
    },
    TypeFacts {
        event: EventType::Assault,
        name: "ASSAULT",
        quad: 4,
        intensity: -9.0,
        about: "attacks physically: strikes, shells, kills, abducts, clashes",
        modes: &[
            "beat",
            "torture",
            "abduct",
            "sexual",
            "firearms",
            "explosives",
            "suicide-attack",
            "heavy-weapons",
            "primitive",
            "crowd-control",
            "destroy",
            "aerial",
            "drone",
            "targeted",
            "unconventional",
        ],
    },
];

impl EventType {
    /// Its facts.
    pub fn facts(self) -> &'static TypeFacts {
        &TYPES[self as usize]
    }

    /// Its name in records.
    pub fn as_str(self) -> &'static str {
        self.facts().name
    }

    /// From its name in records.
    pub fn parse(name: &str) -> Option<EventType> {
        TYPES.iter().find(|t| t.name == name).map(|t| t.event)
    }

    /// Whether it is cooperation (quads 1 and 2).
    pub fn cooperative(self) -> bool {
        self.facts().quad <= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_stand_in_the_order_of_the_enum() {
        for t in &TYPES {
            assert_eq!(t.event.facts().name, t.name);
            assert_eq!(EventType::parse(t.name), Some(t.event));
        }
    }
}
