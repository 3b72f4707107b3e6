//! Names and codes of languages, and detection where none is given.

/// ISO 639-1, ISO 639-3 (and bibliographic variants), English name. The languages that news comes in.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("af", "afr", "afrikaans"),
    ("am", "amh", "amharic"),
    ("ar", "ara", "arabic"),
    ("az", "aze", "azerbaijani"),
    ("be", "bel", "belarusian"),
    ("bg", "bul", "bulgarian"),
    ("bn", "ben", "bengali"),
    ("bs", "bos", "bosnian"),
    ("ca", "cat", "catalan"),
    ("cs", "ces cze", "czech"),
    ("cy", "cym wel", "welsh"),
    ("da", "dan", "danish"),
    ("de", "deu ger", "german"),
    ("el", "ell gre", "greek"),
    ("en", "eng", "english"),
    ("eo", "epo", "esperanto"),
    ("es", "spa", "spanish"),
    ("et", "est", "estonian"),
    ("eu", "eus baq", "basque"),
    ("fa", "fas per pes", "persian"),
    ("fi", "fin", "finnish"),
    ("fr", "fra fre", "french"),
    ("ga", "gle", "irish"),
    ("gl", "glg", "galician"),
    ("gu", "guj", "gujarati"),
    ("ha", "hau", "hausa"),
    ("he", "heb", "hebrew"),
    ("hi", "hin", "hindi"),
    ("hr", "hrv", "croatian"),
    ("hu", "hun", "hungarian"),
    ("hy", "hye arm", "armenian"),
    ("id", "ind", "indonesian"),
    ("is", "isl ice", "icelandic"),
    ("it", "ita", "italian"),
    ("ja", "jpn", "japanese"),
    ("jv", "jav", "javanese"),
    ("ka", "kat geo", "georgian"),
    ("kk", "kaz", "kazakh"),
    ("km", "khm", "khmer"),
    ("kn", "kan", "kannada"),
    ("ko", "kor", "korean"),
    ("ky", "kir", "kyrgyz"),
    ("la", "lat", "latin"),
    ("lt", "lit", "lithuanian"),
    ("lv", "lav", "latvian"),
    ("mk", "mkd mac", "macedonian"),
    ("ml", "mal", "malayalam"),
    ("mn", "mon", "mongolian"),
    ("mr", "mar", "marathi"),
    ("ms", "msa may zsm", "malay"),
    ("my", "mya bur", "burmese"),
    ("ne", "nep", "nepali"),
    ("nl", "nld dut", "dutch"),
    ("no", "nor nob nno", "norwegian"),
    ("pa", "pan", "punjabi"),
    ("pl", "pol", "polish"),
    ("ps", "pus", "pashto"),
    ("pt", "por", "portuguese"),
    ("ro", "ron rum", "romanian"),
    ("ru", "rus", "russian"),
    ("si", "sin", "sinhala"),
    ("sk", "slk slo", "slovak"),
    ("sl", "slv", "slovenian"),
    ("so", "som", "somali"),
    ("sq", "sqi alb", "albanian"),
    ("sr", "srp", "serbian"),
    ("sv", "swe", "swedish"),
    ("sw", "swa", "swahili"),
    ("ta", "tam", "tamil"),
    ("te", "tel", "telugu"),
    ("tg", "tgk", "tajik"),
    ("th", "tha", "thai"),
    ("tk", "tuk", "turkmen"),
    ("tl", "tgl", "tagalog"),
    ("tr", "tur", "turkish"),
    ("uk", "ukr", "ukrainian"),
    ("ur", "urd", "urdu"),
    ("uz", "uzb", "uzbek"),
    ("vi", "vie", "vietnamese"),
    ("yi", "yid", "yiddish"),
    ("zh", "zho chi cmn", "chinese"),
    ("zu", "zul", "zulu"),
];

/// The ISO 639-1 code behind `english`, `eng`, `en-GB`, `EN` or `en`; `None` for what is no language we know.
pub fn normalise(given: &str) -> Option<&'static str> {
    let lower = given.trim().to_lowercase();
    let stem = lower.split(['-', '_', ' ', ',', ';', '(']).next().unwrap_or("");
    LANGUAGES
        .iter()
        .find(|(code, three, name)| {
            *code == stem || *name == stem || (stem.len() == 3 && three.split(' ').any(|t| t == stem))
        })
        .map(|(code, _, _)| *code)
        // Nynorsk and Bokmål have codes of their own.
        .or(if matches!(stem, "nb" | "nn") { Some("no") } else { None })
}

/// Bytes of text that detection looks at: more makes it slower and no surer.
const SAMPLE: usize = 500;
/// Bytes below which trigrams are guesswork.
const LEAST: usize = 60;

/// The language of a text by its letters; `None` when it is short or the detector is unsure.
pub fn detect(text: &str) -> Option<&'static str> {
    if text.len() < LEAST {
        return None;
    }
    let sample = super::text_norm::prefix(text, SAMPLE);
    if is_plainly_english(sample) {
        return Some("en");
    }
    let info = whatlang::detect(sample)?;
    if !info.is_reliable() {
        return None;
    }
    normalise(info.lang().code())
}

/// Whether a sixth of the words are the commonest English ones, and more than two kinds of them: no other language
/// comes near, and it spares the detector (a quarter of a millisecond) for most articles there are.
fn is_plainly_english(sample: &str) -> bool {
    const COMMON: [&str; 14] =
        ["the", "of", "and", "to", "that", "with", "was", "for", "said", "by", "from", "has", "his", "were"];
    let (mut words, mut common, mut kinds) = (0u32, 0u32, 0u32);
    for word in sample.split_ascii_whitespace() {
        words += 1;
        if let Some(kind) = COMMON.iter().position(|c| word.eq_ignore_ascii_case(c)) {
            common += 1;
            kinds |= 1 << kind;
        }
    }
    words >= 8 && common * 6 >= words && kinds.count_ones() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_a_language_are_one_code() {
        for given in ["english", "English", "eng", "EN", "en", "en-GB", "en_US", "English (United Kingdom)"] {
            assert_eq!(normalise(given), Some("en"), "{given}");
        }
        assert_eq!(normalise("fre"), Some("fr"));
        assert_eq!(normalise("zh-Hans"), Some("zh"));
        assert_eq!(normalise("nb-NO"), Some("no"));
        assert_eq!(normalise("tlh"), None);
        assert_eq!(normalise(""), None);
    }

    #[test]
    fn detection_needs_enough_text() {
        let english =
            "The prime minister said on Monday that the two governments had agreed to resume their talks.";
        let german = "Die Regierung teilte am Montag mit, dass die Gespräche über das Abkommen fortgesetzt werden sollen.";
        assert_eq!(detect(english), Some("en"));
        assert_eq!(detect(german), Some("de"));
        assert_eq!(detect("Talks resume"), None);
    }
}
