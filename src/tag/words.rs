//! Small closed lists of English that tagging rests on. What names the world stands in the lexicon, not here.

/// Prepositions that say where: what stands after them is located.
#[rustfmt::skip]
pub(super) const WHERE: &[&str] = &[
    "in", "at", "near", "outside", "inside", "around", "through", "across", "via", "into",
    "throughout", "within", "toward", "towards", "off", "along", "beyond", "above", "onto", "beneath",
    "amid",
];

/// Prepositions that say whence or whither: a capital after them is a place, a country may be a party all the same.
pub(super) const WHITHER: &[&str] = &["to", "from", "toward", "towards", "via", "into", "onto"];

/// Verbs whose direct object is a place when it is a capital, base and inflected.
#[rustfmt::skip]
pub(super) const REACHES: &[&str] = &[
    "visit", "visits", "visited", "visiting", "leave", "leaves", "left", "leaving", "reach", "reaches",
    "reached", "reaching", "tour", "toured", "touring", "enter", "entered", "entering", "strike", "struck",
    "striking", "hit", "hits", "hitting", "bomb", "bombed", "bombing", "attack", "attacked", "attacking",
    "shell", "shelled", "shelling", "capture", "captured", "capturing", "seize", "seized", "seizing",
    "rock", "rocked", "rocking", "target", "targeted", "targeting", "besiege", "besieged", "encircle",
    "encircled", "fled", "flee", "fleeing", "evacuate", "evacuated", "liberate", "liberated", "hits",
    "rocks", "over", "downtown", "central", "northern", "southern", "eastern", "western", "northeastern",
    "northwestern", "southeastern", "southwestern", "capital", "city",
];

/// Nouns after a capital that make it a place: "Kyiv airport", "the Minsk agreement".
#[rustfmt::skip]
pub(super) const PLACE_NOUNS: &[&str] = &[
    "region", "suburb", "suburbs", "airport", "street", "streets", "mayor", "resident", "residents",
    "metro", "oblast", "province", "district", "area", "summit", "conference", "agreement", "agreements",
    "accord", "accords", "protocol", "treaty", "talks", "embassy", "university", "hospital", "hotel",
    "office", "neighborhood", "neighbourhood", "bureau", "stadium", "square", "marathon", "court", "museum",
    "cathedral", "school", "city", "outskirts", "time", "declaration", "hospitals", "apartment", "branch",
    "subway",
];

/// Words that may stand between an owner and its agent noun: "senior Israeli *security* officials".
#[rustfmt::skip]
pub(super) const MODIFIERS: &[&str] = &[
    "senior", "top", "high-ranking", "ranking", "special", "elite", "foreign", "interior", "federal",
    "state", "local", "regional", "national", "central", "military", "naval", "security",
    "government", "opposition", "riot", "border", "public", "private", "main", "largest", "biggest",
    "second", "new", "newly", "outgoing", "incoming", "acting", "interim", "deputy",
    "then", "former", "late", "hardline",
    "far", "wing", "conservative", "liberal", "communist", "islamist", "jihadist",
    "muslim", "christian", "jewish", "sunni", "shia", "shiite", "kurdish", "separatist", "secessionist",
    "rebel", "militant", "insurgent", "guerrilla", "extremist", "terrorist", "terror", "paramilitary",
    "occupation", "first", "permanent", "chief", "supreme", "high", "upper", "lower",
    "joint", "peacekeeping", "naval", "air", "ground", "land", "sea", "coast", "space", "cyber", "secret",
    "intelligence", "defence", "defense", "finance", "trade", "energy", "oil", "gas", "justice", "health",
    "economy", "transport", "diplomatic", "consular", "embassy", "young", "old", "unarmed", "civilian",
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several", "other", "fellow",
    "captive", 
    "transitional", "caretaker", "provisional", "self", 
    "embattled", "veteran", "big", "major", "giant", "prominent", "independent",
    "pro", "democracy", "human", "rights", "anti", "war", "tech", "mass", "mainstream", "broadcast", "news",
    "online", "exile", "hard", "line", "nuclear", "missile", "rocket", "tank", "infantry", "artillery",
    "drone", "counter", "terrorism", "counterterrorism", "police", "youth", "women", "student", "farm",
    "front", "line", "frontline", "law", "enforcement", "party", "coalition",
];

/// More of them, which after a bare name could be its verb: "Israel killed", but "Israel's killed soldiers".
#[rustfmt::skip]
pub(super) const PARTICIPLES: &[&str] = &[
    "elected", "appointed", "detained", "jailed", "captured", "killed", "wounded", "controlled", "owned", "run",
    "declared", "proclaimed", "recognised", "recognized", "left", "right", "exiled", "ousted", "missing", "invading",
    "ruling", "leading", "own", "armed", "allied", "aligned",
];

/// Agent nouns that a person's name alone may stand before: "the Trump administration".
#[rustfmt::skip]
pub(super) const GOVERNED: &[&str] = &[
    "administration", "government", "regime", "cabinet", "campaign", "forces", "loyalists", "supporters", "officials",
    "aides", "presidency", "adviser", "advisor", "spokesman", "spokeswoman", "spokesperson", "ministry", "army",
    "allies",
];

/// Agent nouns that are verbs as well.
pub(super) const VERBS: &[&str] =
    &["states", "heads", "leads", "officers", "guards", "crews", "mans", "bosses"];

/// Words that make a capitalised run the name of a thing and not of a person.
#[rustfmt::skip]
pub(super) const THINGS: &[&str] = &[
    "league", "airport", "act", "agency", "bureau", "board", "rally", "cathedral", "parks", "park", "tech", "university",
    "cup", "award", "awards", "hospital", "street", "service", "council", "committee", "commission", "institute",
    "museum", "center", "centre", "group", "company", "corporation", "bank", "party", "front", "movement", "union",
    "association", "foundation", "society", "administration", "authority", "office", "department", "ministry", "court",
    "police", "army", "navy", "force", "guard", "corps", "base", "station", "bridge", "island", "islands", "river",
    "mountains", "province", "district", "county", "city", "house", "hall", "square", "games", "championship", "open",
    "times", "post", "news", "tv", "radio", "management", "safety", "secrets", "international", "highway", "assembly",
    "congress", "parliament", "alliance", "coalition", "federation", "organisation", "organization", "conference",
    "oceanic", "football", "school", "college", "church", "mosque", "temple", "palace", "plan", "day", "week", "agreement",
];

/// Words that tie a country to somebody else's men: "Turkish-*backed* rebels" are not Turkey's.
#[rustfmt::skip]
pub(super) const TIES: &[&str] = &[
    "backed", "allied", "aligned", "held", "occupied", "controlled", "funded", "supported", "sponsored",
    "made", "born", "brokered", "mediated", "based", "linked", "trained", "built", "style", "speaking",
    "mandated", "financed", "supplied", "armed", "friendly", "flagged", "administered", "annexed",
    "majority", "registered", "occupied", "American", "facing", "bound", "owned", "installed", "imposed",
    "designated", "affiliated",
];

/// Small words inside names of people and before surnames.
#[rustfmt::skip]
pub(super) const PARTICLES: &[&str] = &[
    "al", "el", "bin", "bint", "ibn", "ben", "de", "da", "del", "della", "di", "do", "dos", "das", "du",
    "van", "von", "der", "den", "la", "le", "ould", "abu", "ul", "ur", "bte", "ter", "ten", "y", "e", "af",
    "zu", "st",
];

/// Capitalised words that are no names: function words and adverbs that open sentences, months, weekdays.
#[rustfmt::skip]
pub(super) const COMMON: &[&str] = &[
    "a", "about", "according", "across", "afterwards", "after", "again", "against", "ahead", "all", "also",
    "although", "amid", "among", "an", "and", "another", "any", "april", "are", "around", "as", "at",
    "august", "away", "back", "because", "before", "behind", "besides", "between", "both", "breaking",
    "but", "by", "can", "could", "currently", "dear", "december", "despite", "did", "do", "does", "during",
    "each", "earlier", "either", "elsewhere", "even", "every", "exclusive", "february", "finally", "first",
    "following", "for", "former", "four", "friday", "from", "further", "had", "has", "have", "he", "hence",
    "her", "here", "his", "how", "however", "i", "if", "in", "inside", "instead", "into", "is", "it", "its",
    "january", "july", "june", "just", "last", "late", "later", "like", "live", "many", "march", "may",
    "maybe", "meanwhile", "monday", "more", "moreover", "most", "much", "near", "neither", "never",
    "nevertheless", "next", "no", "none", "nor", "not", "november", "now", "october", "of", "off", "on",
    "once", "one", "only", "onto", "opinion", "or", "other", "our", "out", "outside", "over", "perhaps",
    "saturday", "says", "said", "second", "september", "several", "she", "should", "since", "so", "some",
    "soon", "still", "such", "sunday", "than", "that", "the", "their", "then", "there", "therefore",
    "these", "they", "this", "those", "though", "three", "through", "throughout", "thursday", "thus", "to",
    "today", "tomorrow", "toward", "towards", "tuesday", "two", "under", "unlike", "until", "unless", "up",
    "update", "upon", "us", "was", "we", "wednesday", "were", "what", "whatever", "when", "where",
    "whereas", "whether", "which", "while", "who", "whose", "why", "will", "with", "within", "without",
    "would", "yesterday", "yet", "you", "your", "mr", "mrs", "ms", "dr", "sir", "president", "minister",
    "prime", "king", "queen", "prince", "princess", "general", "senator", "republican", "democrat",
    "incumbent", "neighbouring", "neighboring", "mainland", "greater", "modern", "ancient", "pope", "saint",
    "gen", "col", "lt", "sgt", "capt", "adm", "sen", "rep", "gov", "prof", "rev", "president-elect",
    "northern", "southern", "eastern", "western", "central", "north", "south", "east", "west", "upper",
    "lower", "team", "communist", "nazi", "imperial", "soviet", "hurricane", "typhoon", "cyclone",
    "operation", "lake", "mount",
];

/// Singular nouns of office: whoever holds one can be called by it alone, and a name may follow it.
#[rustfmt::skip]
pub(super) const OFFICES: &[&str] = &[
    "president", "minister", "chancellor", "king", "queen", "premier", "spokesman", "spokeswoman", "spokesperson",
    "envoy", "ambassador", "secretary", "chief", "leader", "general", "commander", "governor", "mayor", "prince",
    "princess", "emir", "sultan", "ayatollah", "pope", "adviser", "advisor", "director", "head", "speaker",
    "chairman", "chairwoman", "chairperson", "chair", "commissioner", "prosecutor", "representative", "marshal",
    "negotiator", "monarch", "president-elect", "vice-president", "director-general", "secretary-general", "consul",
    "deputy", "regent", "ceo",
];

/// Singular nouns that a name may follow but that are no office.
#[rustfmt::skip]
pub(super) const BEARERS: &[&str] = &[
    "judge", "senator", "lawmaker", "congressman", "congresswoman", "colonel", "admiral", "diplomat", "politician",
    "dictator", "strongman", "warlord", "activist", "journalist", "dissident", "businessman", "businesswoman",
    "oligarch", "lawyer", "cleric", "bishop", "archbishop", "cardinal", "imam", "soldier", "officer", "official",
    "boss", "executive", "founder", "candidate", "counterpart", "captain", "major", "lieutenant", "sergeant", "monk",
    "rapper", "singer", "actor", "reporter", "writer", "author", "economist", "analyst", "scientist", "professor",
    "student", "tycoon", "billionaire", "legislator", "mp", "parliamentarian", "councillor", "sheikh", "citizen",
    "prisoner", "hostage", "blogger", "photographer", "doctor", "priest", "rabbi", "rebel", "fugitive",
];

/// Agent nouns that describe somebody named elsewhere; alone they are left to whoever resolves references.
#[rustfmt::skip]
pub(super) const DESCRIPTIONS: &[&str] = &[
    "country", "countries", "nation", "nations", "state", "states", "side", "sides", "party", "parties", "bloc",
    "power", "powers", "neighbour", "neighbor", "neighbours", "neighbors", "counterpart", "counterparts", "member",
    "members", "group", "ally", "allies", "partner", "partners",
];

/// Words after a place that say what sort of place it is.
#[rustfmt::skip]
pub(super) const DIVISIONS: &[&str] = &[
    "province", "region", "district", "oblast", "governorate", "state", "county", "city", "town", "village",
    "prefecture", "department", "area", "canton", "raion", "municipality",
];

/// Words before a title that end it.
pub(super) const FORMER: &[&str] = &["former", "ex", "ousted", "deposed", "retired", "erstwhile", "onetime"];

/// Agent nouns that may be followed by the place where they govern: "the parliament in Kyiv".
#[rustfmt::skip]
pub(super) const SEATED: &[&str] = &[
    "government", "governments", "parliament", "authorities", "regime", "leadership", "administration",
    "junta", "congress", "rulers", "leaders", "officials", "court",
];

/// Envoys are sent to somebody who is no party to what they do.
#[rustfmt::skip]
pub(super) const SENT: &[&str] = &[
    "ambassador", "envoy", "representative", "ambassadors", "envoys", "consul", "high commissioner",
    "delegate", "attache", "emissary",
];

/// Acronyms that are ordinary words when everything is in capitals.
#[rustfmt::skip]
pub(super) const SHOUTED: &[&str] = &[
    "WHO", "IS", "IT", "AM", "AS", "AN", "SO", "NO", "IN", "TO", "DO", "MAY", "CAN", "ALL", "ARE", "AID",
    "PM",
];

/// Whether the list holds the word, whatever its capitals.
pub(super) fn has(list: &[&str], word: &str) -> bool {
    list.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether a lower-case word looks like an adjective, which may stand between an owner and its agent.
pub(super) fn is_adjective(word: &str) -> bool {
    const ENDINGS: &[&str] =
        &["ical", "onal", "tary", "ious", "ative", "ocratic", "ential", "ern", "istic", "ian"];
    word.len() > 5 && ENDINGS.iter().any(|e| word.ends_with(e))
}
