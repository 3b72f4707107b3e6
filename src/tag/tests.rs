use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::lexicon::Lexicon;
use crate::model::{Kind, Status};
use crate::segment;

const ACTORS: &str = "\
id\tname\tkind\tcountry\tsector\toffice\tfrom\tto\taliases\tdemonyms\tcapitals\tmetonyms\n\
united-states\tUnited States\tcountry\tUSA\t\t\t\t\tUS [case]; U.S. [case]; America\tAmerican; Americans\tWashington\tWhite House\n\
russia\tRussia\tcountry\tRUS\t\t\t\t\tRussian Federation\tRussian; Russians\tMoscow\tKremlin\n\
china\tChina\tcountry\tCHN\t\t\t\t\t\tChinese\tBeijing\t\n\
iran\tIran\tcountry\tIRN\t\t\t\t\t\tIranian; Iranians\tTehran\t\n\
turkey\tTurkey [not: roast, stuffing]\tcountry\tTUR\t\t\t\t\tTürkiye\tTurkish\tAnkara\t\n\
jordan\tJordan [not-first-name; not-surname]\tcountry\tJOR\t\t\t\t\t\tJordanian\tAmman\t\n\
chad\tChad [not-first-name; not-surname]\tcountry\tTCD\t\t\t\t\t\tChadian\t\t\n\
georgia\tGeorgia [not: Atlanta, governor]\tcountry\tGEO\t\t\t\t\t\tGeorgian\tTbilisi\t\n\
poland\tPoland\tcountry\tPOL\t\t\t\t\t\tPolish; Pole\tWarsaw\t\n\
malaysia\tMalaysia\tcountry\tMYS\t\t\t\t\t\tMalaysian\t\t\n\
sudan\tSudan\tcountry\tSDN\t\t\t\t\t\tSudanese\tKhartoum\t\n\
ukraine\tUkraine\tcountry\tUKR\t\t\t\t\t\tUkrainian\tKyiv\t\n\
italy\tItaly\tcountry\tITA\t\t\t\t\t\tItalian\tRome\t\n\
lebanon\tLebanon\tcountry\tLBN\t\t\t\t\t\tLebanese\tBeirut\t\n\
eu\tEuropean Union\tigo\tEUR\t\t\t\t\tEU [case]\t\t\t\n\
who\tWorld Health Organization\tigo\tUNO\t\t\t\t\tWHO [case]\t\t\t\n\
sco\tShanghai Cooperation Organisation\tigo\tIGO\t\t\t\t\t\t\t\t\n\
iran-airways\tIran Airways\tcompany\tIRN\tBUS\t\t\t\t\t\t\t\n\
hts\tHayat Tahrir al-Sham\tarmed_group\tSYR\tREB\t\t\t\tHTS [case]\t\t\t\n\
hezbollah\tHezbollah\tarmed_group\tLBN\tREB\t\t\t\t\t\t\t\n\
assad\tBashar al-Assad\tleader\tSYR\tGOV\tPresident\t2000\t2024-12-08\tAssad\t\t\t\n\
putin\tVladimir Putin\tleader\tRUS\tGOV\tPresident\t2012-05-07\t\tPutin\t\t\t\n\
wang-yi\tWang Yi\tperson\tCHN\tGOV\tForeign Minister\t2023-07\t\t\t\t\t\n\
trump\tDonald Trump\tleader\tUSA\tGOV\tPresident\t2025-01-20\t\tTrump\t\t\t\n\
hasan-a\tRiaz Hasan\tperson\tPAK\tGOV\tTrade Minister\t2020\t\tHasan\t\t\t\n\
erdogan\tRecep Tayyip Erdoğan\tleader\tTUR\tGOV\tPresident\t2014\t\tErdoğan\t\t\t\n\
bari\tBari\tplace\tITA\t\t\t\t\t\t\t\t\n\
zakho\tZakho\tplace\tIRQ\t\t\t\t\t\t\t\t\n\
a1\ttroops\tagent\t\tMIL\t\t\t\t\t\t\t\n\
pentagon\tPentagon\tgovernment\tUSA\tGOV;MIL\t\t\t\tDefense Department\t\t\t\n\
a2\tforeign ministry\tagent\t\tGOV\t\t\t\t\t\t\t\n\
a3\tofficial\tagent\t\tGOV\t\t\t\tofficials\t\t\t\n\
a4\tpresident\tagent\t\tGOV\t\t\t\tpresidents\t\t\t\n\
a5\tforeign minister\tagent\t\tGOV\t\t\t\tforeign ministers\t\t\t\n\
a6\tparliament\tagent\t\tLEG\t\t\t\t\t\t\t\n\
a7\tgovernment\tagent\t\tGOV\t\t\t\t\t\t\t\n\
a8\tarmy\tagent\t\tMIL\t\t\t\t\t\t\t\n\
a9\tstate media\tagent\t\tMED\t\t\t\t\t\t\t\n\
a10\trebel\tagent\t\tREB\t\t\t\trebels\t\t\t\n\
a11\tpolice\tagent\t\tCOP\t\t\t\t\t\t\t\n\
a12\tprime minister\tagent\t\tGOV\t\t\t\t\t\t\t\n\
a13\tspokesman\tagent\t\tGOV\t\t\t\t\t\t\t\n\
a14\tadministration\tagent\t\tGOV\t\t\t\t\t\t\t\n\
a15\tambassador\tagent\t\tGOV\t\t\t\t\t\t\t\n\
a16\tmilitant group\tagent\t\tUAF\t\t\t\t\t\t\t\n\
a17\tmember\tagent\t\tGOV\t\t\t\tmembers\t\t\t\n\
a18\tcountry\tagent\t\tGOV\t\t\t\tcountries\t\t\t\n";

const ENERGY: &str = "id = \"energy\"\nthreshold = 1.0\n[[term]]\nweight = 1.0\nwords = [\"crude oil\", \"OPEC\"]\n\
    [[term]]\nweight = 0.5\nwords = [\"oil\", \"gas\"]\n[[exclude]]\nwords = [\"olive oil\", \"tear gas\"]\n";

const SPORT: &str = "id = \"sport\"\nscope = \"article\"\nthreshold = 2.0\n[[term]]\nweight = 1.0\n\
    words = [\"midfielder\", \"quarter-final\", \"league\"]\n[[unless]]\nweight = 2.0\nwords = [\"boycott\"]\n";

fn lexicon() -> Lexicon {
    let files = [("actors/a.tsv", ACTORS), ("suppress/sport.toml", SPORT), ("topics/energy.toml", ENERGY)];
    let files: Vec<_> = files.iter().map(|(p, t)| (p.to_string(), t.to_string())).collect();
    Lexicon::load(&files).unwrap_or_else(|p| panic!("{}", p[0]))
}

fn article(text: &str) -> Article {
    Article {
        id: "t".into(),
        title: None,
        summary: None,
        text: text.into(),
        url: None,
        source: None,
        author: None,
        section: None,
        language: None,
        published: None,
        seen_at: "2026-11-25T12:00:00Z".parse::<DateTime<Utc>>().unwrap(),
        dateline: None,
        truncated: false,
        version: None,
        status: Status::Usable,
        path: "-".into(),
        range: None,
        sha256: String::new(),
    }
}

/// `text=COUNTRY/sectors` for each mention, places in brackets, located ones with @.
fn read(text: &str) -> Vec<String> {
    let article = article(text);
    let sentences = segment::article(&article);
    let lexicon = lexicon();
    tag(&article, &sentences, &lexicon)
        .iter()
        .map(|m| {
            let sectors: Vec<&str> = m.actor.sectors.iter().map(|s| &**s).collect();
            let country = m.actor.country.as_deref().unwrap_or("?");
            let mark = if m.located { "@" } else { "" };
            let said = m.span.of(&article.text);
            match m.role {
                Role::Place => format!("[{said}]={country}"),
                Role::Agent if sectors.is_empty() => format!("{said}={country}{mark}"),
                Role::Agent => format!("{said}={country}/{}{mark}", sectors.join(";")),
            }
        })
        .collect()
}

fn first(text: &str) -> Mention {
    let article = article(text);
    let sentences = segment::article(&article);
    tag(&article, &sentences, &lexicon()).swap_remove(0)
}

#[test]
fn owners_and_agents_are_one_mention() {
    for (text, want) in [
        ("Russian troops left.", "Russian troops=RUS/MIL"),
        ("The Iranian foreign ministry spoke.", "Iranian foreign ministry=IRN/GOV"),
        ("Chinese state media said so.", "Chinese state media=CHN/MED"),
        ("U.S. officials agreed.", "U.S. officials=USA/GOV"),
        ("Some senior Polish security officials agreed.", "Polish security officials=POL/GOV"),
        ("Iran's parliament voted.", "Iran's parliament=IRN/LEG"),
        ("Iran’s parliament voted.", "Iran’s parliament=IRN/LEG"),
        ("The government of Sudan fell.", "government of Sudan=SDN/GOV"),
        ("The army of the Sudanese rebels left.", "army of the Sudanese rebels=SDN/REB;MIL"),
        ("The parliament in Kyiv voted.", "parliament in Kyiv=UKR/LEG"),
        ("EU foreign ministers met.", "EU foreign ministers=EUR/GOV"),
        ("The Trump administration agreed.", "Trump administration=USA/GOV"),
        ("The US-led troops left.", "US-led troops=USA/MIL"),
        ("Former Polish prime minister Jan Nowak spoke.", "Polish prime minister Jan Nowak=POL/ELI"),
    ] {
        let got = read(text);
        assert!(got.contains(&want.to_string()), "{text} {got:?}");
    }
}

#[test]
fn an_army_of_rebels_is_led_by_the_narrower_sector() {
    let m = first("Sudanese police fired.");
    assert_eq!((m.actor.kind, m.actor.id.clone(), m.via), (Kind::Government, None, Via::Demonym));
}

#[test]
fn titles_and_names_are_one_mention() {
    for (text, id, said) in [
        ("Russian President Vladimir Putin spoke.", Some("putin"), "Russian President Vladimir Putin"),
        ("President Erdogan spoke.", Some("erdogan"), "President Erdogan"),
        ("Foreign Minister Wang Yi arrived.", Some("wang-yi"), "Foreign Minister Wang Yi"),
        (
            "Malaysian Foreign Minister Mohamad Hasan arrived.",
            None,
            "Malaysian Foreign Minister Mohamad Hasan",
        ),
        ("Polish Foreign Minister Radosław Nowak spoke.", None, "Polish Foreign Minister Radosław Nowak"),
        ("Prime Minister Jan Nowak of Poland spoke.", None, "Prime Minister Jan Nowak of Poland"),
        ("President Vladimir Putin Kowalski spoke.", None, "President Vladimir Putin Kowalski"),
        ("The Russian president spoke.", Some("putin"), "Russian president"),
        ("Russia's Putin spoke.", Some("putin"), "Russia's Putin"),
    ] {
        let m = first(text);
        assert_eq!(m.actor.id.as_deref(), id, "{text}");
        assert_eq!(m.span.of(text), said);
        assert!(m.via == Via::Title || said.contains("'s"), "{text} {:?}", m.via);
    }
    let m = first("Polish Foreign Minister Radosław Nowak spoke.");
    assert_eq!((m.actor.country.as_deref(), m.actor.kind), (Some("POL"), Kind::Person));
    assert_eq!(m.actor.office.as_deref(), Some("Foreign Minister"));
    assert_eq!(m.actor.name.as_deref(), Some("Radosław Nowak"));
    assert_eq!(
        first("Malaysian Foreign Minister Mohamad Hasan arrived.").actor.country.as_deref(),
        Some("MYS")
    );
}

#[test]
fn bodies_keep_their_name() {
    let m = first("The Lebanese militant group Hezbollah fired rockets.");
    assert_eq!(m.actor.id.as_deref(), Some("hezbollah"));
    assert_eq!(first("Lebanon's Hezbollah fired.").actor.id.as_deref(), Some("hezbollah"));
}

#[test]
fn later_words_mean_who_was_introduced() {
    let got = read("Polish Foreign Minister Radosław Nowak spoke. Nowak then left.");
    assert_eq!(got[1], "Nowak=POL/GOV");
    let got = read("The Shanghai Cooperation Organisation (SCO) met. The SCO agreed.");
    assert_eq!(got, ["Shanghai Cooperation Organisation=IGO", "SCO=IGO", "SCO=IGO"]);
}

#[test]
fn agents_without_a_country_stay_open() {
    assert_eq!(read("The police shot two rebels."), ["police=?/COP", "rebels=?/REB"]);
    assert_eq!(read("The two countries agreed."), [""; 0]);
    assert_eq!(read("Turkish-backed rebels attacked."), ["Turkish=TUR", "rebels=?/REB"]);
    assert_eq!(read("An EU member objected."), ["EU member=EUR/GOV"]);
}

#[test]
fn capitals_act_or_say_where() {
    for (text, want) in [
        ("Moscow rejected the offer.", "Moscow=RUS"),
        ("They spoke with Moscow.", "Moscow=RUS"),
        ("A blast hit a house in Moscow.", "[Moscow]=RUS"),
        ("He flew to Beijing.", "[Beijing]=CHN"),
        ("They met near the Kyiv airport.", "[Kyiv]=UKR"),
        ("Protests in Iran went on.", "Iran=IRN@"),
        ("According to Iran, it fell.", "Iran=IRN"),
        ("It fell in Zakho.", "[Zakho]=IRQ"),
        ("It fell in Qaryat, Sudan.", "Sudan=SDN@"),
        ("It fell in Bari, Sudan.", "[Bari]=SDN"),
    ] {
        let got = read(text);
        assert!(got.contains(&want.to_string()), "{text} {got:?}");
    }
}

#[test]
fn traps() {
    for text in [
        "The ambassadorial rights were told to us by those who know.",
        "Michael Jordan scored 30 points.",
        "Chad Smith won.",
        "Georgia voted, the governor in Atlanta said.",
        "We ate Turkey with roast potatoes.",
        "He ate turkey.",
        "The loan is US$20 million.",
        "Melania Trumpet sang.",
    ] {
        assert_eq!(read(text), [""; 0], "{text}");
    }
    assert_eq!(read("Jordan rejected the plan."), ["Jordan=JOR"]);
    assert_eq!(read("RUSSIA AND CHINA SIGN PACT"), ["RUSSIA=RUS", "CHINA=CHN"]);
    assert_eq!(read("Iran Airways flew to Iran."), ["Iran Airways=IRN/BUS", "Iran=IRN"]);
    assert_eq!(
        read("Türkiye and Erdoğan's spokesman spoke."),
        ["Türkiye=TUR", "Erdoğan's spokesman=TUR/GOV"]
    );
    assert_eq!(read("The WHO told us."), ["WHO=UNO"]);
    // A verb or a participle after a bare name is not its agent.
    assert_eq!(read("Iran captured troops there."), ["Iran=IRN", "troops=?/MIL"]);
    assert_eq!(read("They met the President Hotel League there."), [""; 0]);
    assert_eq!(read("The president of the Polish League spoke."), ["president=?/GOV", "Polish=POL"]);
    assert_eq!(read("Eric Trump sang while Donald Trump spoke."), ["Donald Trump=USA/GOV"]);
}

#[test]
fn both_sides_share_what_follows() {
    assert_eq!(read("Russian and Ukrainian troops met."), ["Russian=RUS/MIL", "Ukrainian troops=UKR/MIL"]);
}

#[test]
fn topics_weigh_distinct_terms() {
    let lexicon = lexicon();
    let told = |text: &str| {
        let a = article(text);
        topics(&a, &segment::article(&a), &lexicon)
            .into_iter()
            .map(|t| (t.score, t.terms.len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told("Crude oil fell."), [(1.0, 1)]);
    assert_eq!(told("Oil rose. Gas rose. Oil fell."), [(1.0, 2)]);
    assert_eq!(told("Oil rose as olive oil fell and tear gas spread."), []);
}

#[test]
fn what_is_sport_stays_silent() {
    let lexicon = lexicon();
    let told = |text: &str, section: Option<&str>| {
        let mut a = article(text);
        a.section = section.map(str::to_string);
        suppress(&a, &segment::article(&a), &lexicon)
            .into_iter()
            .map(|s| s.rule.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told("The midfielder lost. It was the quarter-final.", None),
        ["midfielder, quarter-final (2 of 2)"]
    );
    assert_eq!(told("The midfielder lost.", Some("League")).len(), 1);
    assert!(told("The midfielder lost the quarter-final in a boycott.", None).is_empty());
}

#[test]
fn places_and_ties_are_not_listed() {
    let a = article("Turkish-backed rebels left Zakho as Russia and Russian officials spoke to the police.");
    let mentions = tag(&a, &segment::article(&a), &lexicon());
    let names: Vec<_> =
        listed(&mentions).iter().map(|l| (l.actor.country.clone(), l.mentions.len())).collect();
    assert_eq!(names, [(Some("RUS".into()), 1), (Some("RUS".into()), 1)]);
}

proptest! {
    #[test]
    fn mentions_are_sorted_inside_and_apart(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "Russian", "troops", "President", "Vladimir", "Putin", "of", "Iran", "'s", "the", "-", ",", "(", ")",
                "SCO", "Hasan", "Mohamad", "and", "in", "Kyiv", "foreign", "minister", "Shanghai", "Cooperation",
                "Organisation", ".", "US", "$", "led", "Jordan", "Bari", "former", "ambassador", "to", "Łukasz", "al",
            ]), 0..40),
    ) {
        let text = words.join(" ");
        let a = article(&text);
        let sentences = segment::article(&a);
        let mentions = tag(&a, &sentences, &lexicon());
        for m in &mentions {
            let s = &sentences[m.sentence as usize];
            prop_assert!(m.tokens.0 < m.tokens.1 && m.tokens.1 as usize <= s.tokens.len());
            prop_assert!(s.span.contains(m.span) && text.is_char_boundary(m.span.start as usize));
        }
        for pair in mentions.windows(2) {
            prop_assert!((pair[0].sentence, pair[0].tokens.1) <= (pair[1].sentence, pair[1].tokens.0)
                || pair[0].sentence < pair[1].sentence);
        }
    }
}

#[test]
fn a_common_name_of_a_body_after_an_owner_is_the_owners() {
    assert_eq!(read("Poland's Defense Department denied it."), ["Poland's Defense Department=POL/GOV;MIL"]);
    assert_eq!(read("The Defense Department denied it."), ["Defense Department=USA/GOV;MIL"]);
}
