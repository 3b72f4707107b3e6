//! Candidates: every way in which a rule's words and slots can be filled at a trigger.

use super::candidate::{Candidate, Sides};
use super::judge::features::{self, Act, Features, Seen, Stand, Standing};
use super::judge::watch::Watch;
use super::judge::{self, Judge};
use super::party::{Depth, Filled, Side};
use super::scout::{self, Ground, Scout, Sight};
use super::trigger::Match;
use super::view::View;
use super::{confidence, turn};
use crate::lexicon::rules::{RuleSet, Slot};
use crate::model::{Attribution, Aux, Claim, EventType, Mention, NearMiss, Span, Tense, Upos};
use std::cell::RefCell;
use std::rc::Rc;

/// How many rules are tried at one trigger.
const MOST_RULES: usize = 6;

/// For how many event types at one trigger loose pairs are tried.
const MOST_TYPES: usize = 2;

/// What a match says, whoever its sides are.
struct Report<'s> {
    told: turn::Told,
    aux: Vec<Aux>,
    tense: Tense,
    attribution: Option<Rc<Attribution>>,
    features: Features,
    /// What the judge makes of these features where a side stands in no slot.
    odds: f32,
    watch: Option<Watch<'s>>,
    /// Who fills the rule's slots.
    slots: Option<Sides>,
    /// What is seen of parties without a slot, which many pairs share.
    loose: RefCell<Vec<(Stand, usize, Rc<Standing>)>>,
}

/// Walks the sentences of a document and proposes.
pub(super) struct Proposer<'r> {
    rules: &'r RuleSet,
    /// Whether a model will judge: then looser candidates are proposed too.
    judged: bool,
    /// Who will judge: then what he is sure to refuse without a word is not even made.
    pub judge: Option<Judge<'r>>,
    scout: Option<&'r Scout>,
    /// Whether features keep their names, for who wants to know why.
    named: bool,
    /// Parties described but not named; their index is the number of mentions plus their place here.
    pub described: Vec<Mention>,
    /// Matches without sides.
    pub near_misses: Vec<NearMiss>,
}

impl<'r> Proposer<'r> {
    pub fn new(rules: &'r RuleSet, judged: bool, scout: Option<&'r Scout>, named: bool) -> Self {
        Proposer { rules, judged, judge: None, scout, named, described: Vec::new(), near_misses: Vec::new() }
    }

    /// The rules awake at each word, most specific first.
    pub fn awake(&self, view: &View) -> Vec<Vec<Match<'r>>> {
        let matches = |i| view.matches(i, self.rules, self.judged).into_iter().take(MOST_RULES).collect();
        (0..view.len()).map(matches).collect()
    }

    /// The candidates of a sentence, trigger by trigger, each trigger's most specific rule first.
    pub fn sentence(&mut self, index: u32, view: &View) -> Vec<Candidate> {
        let mut out = Vec::new();
        let mut awake = self.awake(view);
        let sight = self.sight(view, &awake);
        let mut consumed: Vec<usize> = Vec::new();
        let verbs = (0..view.len()).filter(|&i| view.is_verb(i));
        let others = (0..view.len()).filter(|&i| !view.is_verb(i));
        for i in verbs.chain(others).collect::<Vec<_>>() {
            if consumed.contains(&i) {
                continue;
            }
            let mut first_miss = None;
            let mut any = false;
            let mut types: Vec<EventType> = Vec::new();
            let mut here = std::mem::take(&mut awake[i]);
            if let Some(sight) = &sight {
                readings(view, i, sight, &mut here);
            }
            for m in here {
                // Loose pairs once for each type, under its most specific rule.
                let pairs = (types.len() < MOST_TYPES || m.scouted) && !types.contains(&m.rule.event);
                types.push(m.rule.event);
                match self.fill(index, view, &m, pairs, sight.as_ref()) {
                    Ok(all) => {
                        // Alone, the rules tell "lifted sanctions" once; the model may see an event in the noun too.
                        if !any && !self.judged {
                            consumed.extend(m.objects.iter().chain(m.tokens.iter().filter(|&&t| t != i)));
                        }
                        any = true;
                        let mut report = self.told(view, &m, sight.as_ref());
                        report.slots = all.first().filter(|s| !s.is_loose()).cloned();
                        let candidate = |s| self.candidate(index, view, &m, &report, s);
                        out.extend(all.into_iter().filter_map(candidate));
                        if !self.judged {
                            break;
                        }
                    }
                    Err(why) if !m.scouted => first_miss = first_miss.or(Some((m, why))),
                    Err(_) => {}
                }
            }
            if let Some((m, why)) = first_miss.filter(|_| !any) {
                self.miss(index, view, &m, why);
            }
        }
        out
    }

    /// What the scout sees, where there is anything to judge.
    fn sight(&self, view: &View, awake: &[Vec<Match>]) -> Option<Sight<'r>> {
        let scout = self.scout?;
        Some(scout.look(&ground(view, awake)?))
    }

    fn miss(&mut self, index: u32, view: &View, m: &Match, why: String) {
        self.near_misses.push(NearMiss {
            sentence: index,
            span: trigger_span(view, m),
            rule: m.rule.cite.id.clone(),
            at: m.rule.cite.at.clone(),
            why,
        });
    }

    /// All fillings worth judging, the strict one first.
    fn fill(
        &mut self,
        index: u32,
        view: &View,
        m: &Match,
        pairs: bool,
        sight: Option<&Sight>,
    ) -> Result<Vec<Sides>, String> {
        let strict = if m.mistagged {
            Err("the word is tagged as a noun".into())
        } else {
            self.strict(index, view, m)
        };
        if !self.judged {
            return strict.map(|s| vec![s]);
        }
        let mut out: Vec<Sides> = strict.iter().cloned().collect();
        if pairs {
            self.pairs(view, m, sight, &mut out);
        }
        if out.is_empty() { Err(strict.err().unwrap_or_default()) } else { Ok(out) }
    }

    /// Both sides as the rule's slots have them.
    fn strict(&mut self, index: u32, view: &View, m: &Match) -> Result<Sides, String> {
        use EventType::*;
        let rule = m.rule;
        let (actor_slots, recipient_slots) = slots(m);
        let mut actors = view
            .fill(actor_slots, &m.args, Side::Actor, &[])
            .ok_or_else(|| format!("no actor stands as {}", slot_names(actor_slots)))?;
        let side = Side::Recipient { ground: is_ground(rule.event) };
        let mut recipients = view.fill(recipient_slots, &m.args, side, &actors.mentions);
        let mut reciprocal = rule.reciprocal;
        if recipients.is_none() && reciprocal {
            recipients = view.fill(&[Slot::Prep("with".into())], &m.args, side, &actors.mentions);
        }
        if let Some(between) = view.fill(&[Slot::Prep("between".into())], &m.args, Side::Actor, &[])
            && between.mentions.len() > 1
        {
            (actors, recipients, reciprocal) = (between, None, true);
        }
        if recipients.is_none() && matches!(rule.event, Assault | Coerce | Protest | Mobilize) {
            recipients = self.unnamed(index, view, m, &actors);
        }
        let plural =
            actors.mentions.iter().any(|&a| view.mentions.get(a).is_some_and(|x| !x.also.is_empty()));
        let two_sided = recipients.is_some() || reciprocal && (actors.mentions.len() > 1 || plural);
        if rule.needs_recipient && !two_sided {
            return Err(format!("no actor stands as {}", slot_names(recipient_slots)));
        }
        if rule.reciprocal && !two_sided && matches!(rule.event, Consult | Agree | Support | Cooperate) {
            return Err("only one side of a mutual act is named".into());
        }
        let sides = Sides { actors, recipients, reciprocal: reciprocal && two_sided };
        if !self.placed(view, &sides) {
            return Err("neither side is an actor that the lexicon or the text places".into());
        }
        if !self.kinds_fit(view, m, &sides) {
            return Err("a side is of another kind than the rule asks for".into());
        }
        Ok(sides)
    }

    /// Whether both sides are of the kinds that the rule asks for.
    pub(super) fn kinds_fit(&self, view: &View, m: &Match, sides: &Sides) -> bool {
        let fits = |wanted: &[Box<str>], side: &[usize]| {
            wanted.is_empty()
                || side.iter().filter_map(|&i| self.mention(view, i)).any(|x| {
                    let kind = x.actor.kind.as_str();
                    wanted.iter().any(|w| **w == *kind || x.actor.sectors.iter().any(|s| **s == **w))
                })
        };
        let recipients = sides.recipients.as_ref().map_or(&[][..], |r| &r.mentions);
        fits(&m.rule.actor_kind, &sides.actors.mentions) && fits(&m.rule.recipient_kind, recipients)
    }

    /// Whether the lexicon or the text knows who at least one side is.
    fn placed(&self, view: &View, sides: &Sides) -> bool {
        let known = |i: usize| {
            view.mentions
                .get(i)
                .is_none_or(|x| x.actor.country.is_some() || x.actor.id.is_some() || !x.also.is_empty())
        };
        sides
            .actors
            .mentions
            .iter()
            .chain(sides.recipients.iter().flat_map(|r| &r.mentions))
            .any(|&i| known(i))
    }

    /// What a match says, whoever its sides are.
    fn told<'s>(&self, view: &View, m: &Match, sight: Option<&'s Sight<'s>>) -> Report<'s> {
        let mut aux = view.aux(m.trigger);
        if m.rule.negated {
            aux.retain(|a| *a != Aux::Negation);
        }
        let tense = view.tense(m.trigger, &aux);
        let attribution = view.attribution(m.trigger).map(Rc::new);
        let told = if m.scouted {
            turn::plain(m.rule)
        } else {
            turn::of(m.rule, &mut aux, view.is_negated(m.trigger))
        };
        let watch = sight.filter(|_| self.judged).map(|s| Watch::new(view, told.event, m, s));
        let mut features = if self.judged {
            let act = Act {
                event: told.event,
                matched: m,
                aux: &aux,
                tense,
                reported: attribution.is_some(),
                turned: told.reason.is_some(),
            };
            features::of_match(view, &act, self.named)
        } else {
            Features::default()
        };
        watch.iter().for_each(|w| w.act(&mut features));
        let odds = self.judge.map_or(0.0, |j| j.add(j.odds(judge::prior(0.0, true)), &features));
        let loose = RefCell::default();
        Report { told, aux, tense, attribution, features, odds, watch, slots: None, loose }
    }

    /// What two sides add to the features of their match.
    fn features(&self, view: &View, m: &Match, report: &Report, sides: &Sides) -> Features {
        let seen = Seen {
            event: report.told.event,
            matched: m,
            actors: &sides.actors,
            recipients: sides.recipients.as_ref(),
            reciprocal: sides.reciprocal,
            watch: report.watch.as_ref(),
            slots: report.slots.as_ref().filter(|_| sides.is_loose()),
        };
        let side = |stand: Stand, filled: Option<&Filled>| {
            let first = filled.and_then(|f| f.mentions.first().copied());
            let mention = first.and_then(|i| self.mention(view, i));
            let see = || Rc::new(features::of_side(view, &seen, stand, mention, self.named));
            let party = first.filter(|_| filled.is_some_and(|f| f.depth == Depth::Loose));
            let Some(party) = party else { return (see(), mention) };
            let mut known = report.loose.borrow_mut();
            let standing = match known.iter().find(|(s, p, _)| (*s, *p) == (stand, party)) {
                Some((_, _, standing)) => Rc::clone(standing),
                None => {
                    known.push((stand, party, see()));
                    Rc::clone(&known[known.len() - 1].2)
                }
            };
            (standing, mention)
        };
        let (actor, recipient) =
            (side(Stand::Actor, Some(seen.actors)), side(Stand::Recipient, seen.recipients));
        let mut out = Features::new(self.named);
        features::of_pair(view, &seen, [&actor.0, &recipient.0], [actor.1, recipient.1], &mut out);
        out
    }

    /// `None` for a pair beside the slots that the judge is sure to refuse: of those nothing is told.
    fn candidate(
        &self,
        index: u32,
        view: &View,
        m: &Match,
        report: &Report,
        sides: Sides,
    ) -> Option<Candidate> {
        let rule = m.rule;
        let loose = sides.is_loose();
        let own = self.judged.then(|| self.features(view, m, report, &sides));
        if let (true, Some(judge), Some(own)) = (loose, self.judge, &own)
            && judge.is_hopeless(judge.add(report.odds, own))
        {
            return None;
        }
        let features = own.map(|own| report.features.with(&own)).unwrap_or_default();
        let Report { told, aux, tense, attribution, .. } = report;
        let factors = confidence::of(rule, &sides.actors, sides.recipients.as_ref(), aux, m.args.inherited);
        let because = if self.judged { Vec::new() } else { factors.told(rule, told.reason) };
        let scope = match m.args.comp.filter(|_| rule.scope) {
            Some(c) => (0..view.len()).filter(|&t| t != m.trigger && view.tree.within(t, c)).collect(),
            None => Vec::new(),
        };
        let mut actors = sides.actors.mentions;
        let mut recipients = sides.recipients.map(|r| r.mentions).unwrap_or_default();
        if !loose {
            recipients.retain(|r| !actors.contains(r));
        }
        if sides.reciprocal && recipients.is_empty() && actors.len() == 2 {
            recipients = actors.split_off(1);
        }
        let claim = Claim {
            sentence: index,
            event: told.event,
            mode: told.mode.iter().cloned().collect(),
            context: rule.context.clone(),
            cameo: told.cameo.clone(),
            intensity: told.intensity,
            actors,
            recipients,
            reciprocal: sides.reciprocal,
            trigger: (m.tokens[0] as u16, m.tokens[m.tokens.len() - 1] as u16 + 1),
            span: trigger_span(view, m),
            rule: rule.cite.clone(),
            aux: aux.clone(),
            tense: *tense,
            attribution: None,
            magnitude: None,
            confidence: factors.product(),
            because,
        };
        let home = self.is_home(view, &claim);
        let attribution = attribution.clone();
        Some(Candidate { claim, attribution, trigger: m.trigger, scope, loose, home, features })
    }

    /// Whether both sides are of one and the same country.
    fn is_home(&self, view: &View, claim: &Claim) -> bool {
        let country = |&m: &usize| self.mention(view, m).and_then(|m| m.actor.country.as_deref());
        let mut all = claim.actors.iter().chain(&claim.recipients).map(country);
        let first = all.next().flatten();
        !claim.recipients.is_empty() && first.is_some() && all.all(|c| c == first)
    }

    fn mention<'m>(&'m self, view: &'m View, i: usize) -> Option<&'m Mention> {
        view.mentions.get(i).or_else(|| self.described.get(i - view.mentions.len()))
    }
}

/// Adds what the scout reads at word `i` where no rule of that type wakes.
fn readings<'r>(view: &View, i: usize, sight: &Sight, here: &mut Vec<Match<'r>>) {
    let named = view.mention_at(i).is_some() && !view.is_verb(i);
    if named || !matches!(view.upos(i), Upos::Verb | Upos::Noun | Upos::Adj | Upos::Propn) {
        return;
    }
    for root in sight.proposes(i) {
        if !here.iter().any(|m| scout::class(m.rule.event) == root) {
            here.push(view.scouted(i, root, here.first()));
        }
    }
}

/// A sentence as a scout is shown it.
pub(super) fn ground<'t>(view: &View<'t>, awake: &[Vec<Match>]) -> Option<Ground<'t>> {
    let classes = awake
        .iter()
        .map(|at| at.iter().map(|m| (scout::class(m.rule.event), !m.mistagged)).collect())
        .collect::<Vec<_>>();
    Ground::new(view, &classes)
}

/// Acts that fall on people and ground: where it happened tells whom it hit.
fn is_ground(event: EventType) -> bool {
    use EventType::*;
    matches!(event, Assault | Coerce | Mobilize | Aid | Retreat | Protest)
}

/// The slots of doer and recipient, turned round where the rule says so.
fn slots<'m>(m: &'m Match) -> (&'m [Slot], &'m [Slot]) {
    if m.rule.swap { (&m.rule.recipient, &m.rule.actor) } else { (&m.rule.actor, &m.rule.recipient) }
}

fn slot_names(slots: &[Slot]) -> String {
    slots.iter().map(Slot::as_str).collect::<Vec<_>>().join(", ")
}

fn trigger_span(view: &View, m: &Match) -> Span {
    let (a, b) = (m.tokens[0], m.tokens[m.tokens.len() - 1]);
    Span { start: view.sentence.tokens[a].span.start, end: view.sentence.tokens[b].span.end }
}
