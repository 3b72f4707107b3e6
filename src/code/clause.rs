//! The arguments of a trigger: subject, object, obliques, complement, through passive, control, relative
//! clauses, participles and conjunction.

use super::view::View;
use crate::model::{Rel, Upos, Xpos};

/// What stands around a trigger. All are head tokens, conjuncts included.
#[derive(Clone, Debug, Default)]
pub(super) struct Args {
    /// Logical subject.
    pub subj: Vec<usize>,
    /// Logical object.
    pub obj: Vec<usize>,
    /// Indirect object.
    pub iobj: Vec<usize>,
    /// (preposition, head).
    pub obls: Vec<(String, usize)>,
    /// Head of the complement clause.
    pub comp: Option<usize>,
    /// For a noun: the subject of the verb above it.
    pub head_subj: Vec<usize>,
    /// Whether the subject was not the verb's own but found by control or conjunction.
    pub inherited: bool,
}

/// Verbs whose object does what the infinitive says: "urged Iran to stop".
const OBJECT_CONTROL: &[&str] = &[
    "urge",
    "ask",
    "order",
    "force",
    "tell",
    "call",
    "persuade",
    "press",
    "pressure",
    "allow",
    "permit",
    "invite",
    "encourage",
    "compel",
    "require",
    "request",
    "warn",
    "advise",
    "instruct",
    "command",
    "help",
    "enable",
    "cause",
    "want",
    "expect",
    "accuse",
    "blame",
    "suspect",
    "charge",
    "authorize",
    "authorise",
    "push",
    "get",
    "let",
    "make",
    "appoint",
    "choose",
    "elect",
    "convict",
    "beg",
    "implore",
];

/// Nouns of violence that carry their doer: "an Israeli airstrike", "a raid by Turkish police".
const ACTS: &[&str] = &[
    "airstrike",
    "strike",
    "attack",
    "raid",
    "bombing",
    "shelling",
    "bombardment",
    "operation",
    "ambush",
    "assault",
    "shooting",
    "offensive",
    "clash",
    "crackdown",
    "explosion",
    "blast",
    "sweep",
    "massacre",
    "incursion",
    "invasion",
];

impl View<'_> {
    /// The noun that a relative clause, or a participle after a noun, belongs to.
    fn antecedent(&self, v: usize) -> Option<usize> {
        matches!(self.rel(v), Rel::AclRelcl | Rel::Acl).then(|| self.tree.head(v)).flatten()
    }

    fn is_relative(&self, i: usize) -> bool {
        matches!(self.xpos(i), Xpos::Wdt | Xpos::Wp)
            || (self.lower(i) == "that" && self.upos(i) == Upos::Pron)
    }

    /// Replaces a relative pronoun by what it stands for.
    fn unrelative(&self, i: usize, v: usize) -> usize {
        if !self.is_relative(i) {
            return i;
        }
        // The clause may be joined to the one that hangs on the noun.
        let mut top = v;
        for _ in 0..4 {
            if let Some(noun) = self.antecedent(top) {
                return noun;
            }
            match self.tree.head(top) {
                Some(h) => top = h,
                None => break,
            }
        }
        i
    }

    fn own(&self, v: usize, rels: &[Rel]) -> Vec<usize> {
        let mut out = Vec::new();
        for c in self.tree.kids_by(v, rels) {
            let c = self.unrelative(c, v);
            out.extend(self.joined(c).into_iter().filter(|&x| x != v));
        }
        out
    }

    fn agents(&self, v: usize) -> Vec<usize> {
        let mut out = self.own(v, &[Rel::OblAgent]);
        if out.is_empty() && self.is_passive(v) {
            for c in self.tree.kids_by(v, &[Rel::Obl]).filter(|&c| self.has_case(c, "by")) {
                // "by Sunday", "by 10 %" and "by car" are no agents; only a mention or a person-like noun is.
                if self.upos(c) != Upos::Num && !self.mentions_under(c).is_empty() {
                    out.extend(self.joined(c));
                }
            }
        }
        out
    }

    /// "killed in an Israeli airstrike": the act that a passive without an agent happened in names the doer.
    fn agents_of_the_act(&self, v: usize) -> Vec<usize> {
        const IN: &[&str] = &["in", "during", "by", "from", "as a result of", "after"];
        self.tree
            .kids_by(v, &[Rel::Obl])
            .filter(|&c| self.upos(c) == Upos::Noun && self.cases(c).iter().any(|p| IN.contains(&p.as_str())))
            .filter(|&c| ACTS.contains(&self.lemma(c)))
            .collect()
    }

    /// The grammatical subject (active or passive) of a verb, its own or shared: `(heads, own)`.
    fn grammatical_subject(&self, v: usize, depth: usize) -> (Vec<usize>, bool) {
        let own = self.own(v, &[Rel::Nsubj, Rel::NsubjPass, Rel::NsubjOuter]);
        if !own.is_empty() {
            return (own, true);
        }
        if depth == 0 {
            return (Vec::new(), false);
        }
        let Some(h) = self.tree.head(v) else { return (Vec::new(), false) };
        let from_head = |view: &Self| {
            if view.is_passive(h) || !view.is_verb(h) {
                view.grammatical_subject(h, depth - 1).0
            } else {
                view.logical_subject(h, depth - 1)
            }
        };
        let heads = match self.rel(v) {
            Rel::Conj | Rel::Advcl | Rel::Parataxis | Rel::Ccomp
                if !self.is_verb(h) && self.is_nominal(h) =>
            {
                self.grammatical_subject(h, depth - 1).0
            }
            Rel::Conj => from_head(self),
            Rel::Xcomp => {
                let objects = self.own(h, &[Rel::Obj, Rel::Iobj]);
                if !objects.is_empty() && OBJECT_CONTROL.contains(&self.lemma(h)) {
                    objects
                } else {
                    from_head(self)
                }
            }
            Rel::Advcl | Rel::Ccomp => from_head(self),
            Rel::Acl | Rel::AclRelcl => match self.tree.head(v) {
                // "plans to attack": the one who plans, told by the noun's own possessor or its clause.
                Some(noun) if self.has_mark(v, &["to"]) => self.holder(noun, depth - 1),
                Some(noun) if self.rel(v) == Rel::Acl => self.joined(noun),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        (heads, false)
    }

    /// Who has the plan, the duty, the right: the noun's possessor, else the subject of its clause.
    fn holder(&self, noun: usize, depth: usize) -> Vec<usize> {
        let owners = self.own(noun, &[Rel::NmodPoss]);
        if !owners.is_empty() {
            return owners;
        }
        match self.tree.head(noun) {
            Some(h)
                if depth > 0 && matches!(self.rel(noun), Rel::Obj | Rel::Obl | Rel::Conj | Rel::Xcomp) =>
            {
                self.logical_subject(h, depth - 1)
            }
            _ => Vec::new(),
        }
    }

    /// Who does it: subject of the active, agent of the passive.
    pub fn logical_subject(&self, v: usize, depth: usize) -> Vec<usize> {
        if self.is_passive(v) { self.agents(v) } else { self.grammatical_subject(v, depth).0 }
    }

    /// The complement clause of a verb or noun: "threatened *to attack*", "said *it would leave*".
    pub fn complement(&self, i: usize) -> Option<usize> {
        self.tree
            .kids(i)
            .find(|&c| {
                matches!(self.rel(c), Rel::Xcomp | Rel::Ccomp)
                    && (self.is_verb(c) || self.has_subject(c) || self.has_mark(c, &["to", "that"]))
            })
            .or_else(|| {
                self.tree.kids(i).find(|&c| {
                    self.rel(c) == Rel::Advcl
                        && (self.has_mark(c, &["to"])
                            || self.has_mark(c, &["of", "from", "for", "against", "into"]))
                })
            })
            .or_else(|| {
                self.tree.kids_by(i, &[Rel::Obl, Rel::Obj]).find_map(|c| {
                    self.tree.kids_by(c, &[Rel::Acl]).find(|&a| self.has_mark(a, &["to", "that"]))
                })
            })
    }

    fn obliques(&self, i: usize, out: &mut Vec<(String, usize)>) {
        for c in self.tree.kids_by(i, &[Rel::Obl, Rel::Nmod, Rel::OblAgent]) {
            let c2 = self.unrelative(c, i);
            for case in self.cases(c) {
                for x in self.joined(c2) {
                    out.push((case.clone(), x));
                }
            }
        }
        // "attacks on A and on B": the second is a conjunct with a preposition of its own.
        for c in self.tree.kids_by(i, &[Rel::Obl, Rel::Nmod]) {
            for x in self.joined(c).into_iter().skip(1) {
                for case in self.cases(x) {
                    out.push((case, x));
                }
            }
        }
    }

    /// The arguments of a verb.
    pub fn verb_args(&self, v: usize) -> Args {
        let mut args = Args::default();
        let passive = self.is_passive(v);
        let (grammatical, own) = self.grammatical_subject(v, 4);
        if passive {
            args.subj = self.agents(v);
            if args.subj.is_empty() {
                args.subj = self.agents_of_the_act(v);
            }
            args.obj = grammatical;
            if self.rel(v) == Rel::Acl
                && let Some(noun) = self.tree.head(v)
            {
                args.obj = self.joined(noun);
            }
        } else {
            args.subj = grammatical;
            args.inherited = !own;
            args.obj = self.own(v, &[Rel::Obj]);
            if args.obj.is_empty() && self.rel(v) == Rel::AclRelcl && own {
                // "the town that Russia attacked": the noun is the object unless it was the subject.
                if let Some(noun) = self.antecedent(v).filter(|n| !args.subj.contains(n)) {
                    args.obj = vec![noun];
                }
            }
        }
        args.iobj = self.own(v, &[Rel::Iobj]);
        self.obliques(v, &mut args.obls);
        for &o in args.obj.iter().filter(|o| !passive || self.tree.within(**o, v)) {
            self.obliques(o, &mut args.obls);
        }
        args.comp = self.complement(v).or_else(|| {
            args.obj
                .iter()
                .filter(|&&o| self.tree.head(o) == Some(v))
                .find_map(|&o| self.tree.kids_by(o, &[Rel::Acl]).find(|&a| self.has_mark(a, &["to", "that"])))
        });
        args
    }

    /// Verbs that do no more than say a noun happens by their subject: "launched an attack".
    fn is_light(&self, v: usize) -> bool {
        const LIGHT: &[&str] = &[
            "launch",
            "carry",
            "conduct",
            "mount",
            "stage",
            "make",
            "announce",
            "impose",
            "hold",
            "have",
            "begin",
            "start",
            "continue",
            "resume",
            "plan",
            "order",
            "approve",
            "step",
            "intensify",
            "pay",
            "lead",
            "undertake",
            "issue",
            "open",
            "wage",
            "execute",
            "perform",
            "attempt",
            "complete",
            "kick",
            "commence",
            "extend",
            "expand",
            "renew",
            "maintain",
            "declare",
            "unveil",
            "propose",
            "consider",
            "schedule",
            "take",
            "give",
            "offer",
            "deliver",
            "send",
            "voice",
            "express",
            "claim",
            "unleash",
            "initiate",
            "sign",
            "join",
            "attend",
            "use",
        ];
        self.is_verb(v) && LIGHT.contains(&self.lemma(v))
    }

    /// The arguments of a noun that reports an act, its governing light verb's included.
    pub fn noun_args(&self, n: usize) -> Args {
        let mut args = Args { subj: self.own(n, &[Rel::NmodPoss]), ..Args::default() };
        for c in self.tree.kids_by(n, &[Rel::Amod, Rel::Compound, Rel::NmodDesc, Rel::NmodUnmarked]) {
            if self.mention_at(c).is_some() && self.mention_at(c) != self.mention_at(n) {
                args.subj.push(c);
            }
        }
        self.obliques(n, &mut args.obls);
        for (_, x) in args.obls.iter().filter(|(p, _)| p == "by").cloned().collect::<Vec<_>>() {
            args.subj.push(x);
        }
        args.obj = args.obls.iter().filter(|(p, _)| p == "of").map(|(_, x)| *x).collect();
        // "sanctions imposed by the West on Russia"
        for a in self.tree.kids_by(n, &[Rel::Acl, Rel::AclRelcl]) {
            let inner = self.verb_args(a);
            if args.subj.is_empty() {
                args.subj.extend(inner.subj.into_iter().filter(|&s| s != n));
            }
            args.obls.extend(inner.obls);
        }
        args.comp =
            self.tree.kids_by(n, &[Rel::Acl, Rel::Ccomp]).find(|&a| self.has_mark(a, &["to", "that"]));
        if let Some(v) = self.tree.head(n).filter(|&v| self.is_verb(v)) {
            args.head_subj = self.logical_subject(v, 3);
        }
        if let Some(v) = self.tree.head(n).filter(|&v| self.is_light(v))
            && matches!(self.rel(n), Rel::Obj | Rel::NsubjPass | Rel::Obl | Rel::Xcomp)
        {
            let outer = self.verb_args(v);
            if args.subj.is_empty() {
                args.subj = outer.subj;
                args.inherited = true;
            }
            args.iobj = outer.iobj;
            args.obls.extend(outer.obls.into_iter().filter(|(_, x)| *x != n));
        }
        args
    }
}
