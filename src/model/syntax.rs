//! The tag sets: Universal Dependencies parts of speech and relations, Penn Treebank tags.

/// Defines a closed set of labels with their written form.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum $name { $($variant,)* }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// As written in CoNLL-U.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }

            /// From its written form.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }

            /// By number.
            pub fn from_index(i: usize) -> Option<$name> {
                $name::ALL.get(i).copied()
            }
        }
    };
}

labels! {
    /// Universal part of speech.
    Upos {
        Adj = "ADJ",
        Adp = "ADP",
        Adv = "ADV",
        Aux = "AUX",
        Cconj = "CCONJ",
        Det = "DET",
        Intj = "INTJ",
        Noun = "NOUN",
        Num = "NUM",
        Part = "PART",
        Pron = "PRON",
        Propn = "PROPN",
        Punct = "PUNCT",
        Sconj = "SCONJ",
        Sym = "SYM",
        Verb = "VERB",
        X = "X",
    }
}

labels! {
    /// Penn Treebank tag, as in the English Web Treebank.
    Xpos {
        Nn = "NN",
        In = "IN",
        Dt = "DT",
        Nnp = "NNP",
        Jj = "JJ",
        Prp = "PRP",
        Stop = ".",
        Rb = "RB",
        Nns = "NNS",
        Comma = ",",
        Vb = "VB",
        Cc = "CC",
        Vbd = "VBD",
        Vbp = "VBP",
        Vbz = "VBZ",
        Cd = "CD",
        Vbn = "VBN",
        Vbg = "VBG",
        To = "TO",
        Md = "MD",
        PrpPoss = "PRP$",
        Rrb = "-RRB-",
        Lrb = "-LRB-",
        Colon = ":",
        Wdt = "WDT",
        OpenQuote = "``",
        CloseQuote = "''",
        Wrb = "WRB",
        Hyph = "HYPH",
        Pos = "POS",
        Wp = "WP",
        Rp = "RP",
        Nnps = "NNPS",
        Uh = "UH",
        Jjr = "JJR",
        Jjs = "JJS",
        Ex = "EX",
        Rbr = "RBR",
        Sym = "SYM",
        Fw = "FW",
        Nfp = "NFP",
        Gw = "GW",
        Add = "ADD",
        Currency = "$",
        Pdt = "PDT",
        Rbs = "RBS",
        Ls = "LS",
        Afx = "AFX",
        WpPoss = "WP$",
        Xx = "XX",
    }
}

labels! {
    /// Dependency relation with its subtype, as in the English Web Treebank.
    Rel {
        Root = "root",
        Nsubj = "nsubj",
        NsubjPass = "nsubj:pass",
        NsubjOuter = "nsubj:outer",
        Csubj = "csubj",
        CsubjPass = "csubj:pass",
        CsubjOuter = "csubj:outer",
        Obj = "obj",
        Iobj = "iobj",
        Obl = "obl",
        OblAgent = "obl:agent",
        OblUnmarked = "obl:unmarked",
        Nmod = "nmod",
        NmodPoss = "nmod:poss",
        NmodUnmarked = "nmod:unmarked",
        NmodDesc = "nmod:desc",
        Amod = "amod",
        Appos = "appos",
        Nummod = "nummod",
        Acl = "acl",
        AclRelcl = "acl:relcl",
        Advcl = "advcl",
        AdvclRelcl = "advcl:relcl",
        Advmod = "advmod",
        Aux = "aux",
        AuxPass = "aux:pass",
        Cop = "cop",
        Mark = "mark",
        Det = "det",
        DetPredet = "det:predet",
        Case = "case",
        Cc = "cc",
        CcPreconj = "cc:preconj",
        Conj = "conj",
        Compound = "compound",
        CompoundPrt = "compound:prt",
        Flat = "flat",
        Fixed = "fixed",
        Ccomp = "ccomp",
        Xcomp = "xcomp",
        Parataxis = "parataxis",
        Expl = "expl",
        Discourse = "discourse",
        Vocative = "vocative",
        List = "list",
        Dep = "dep",
        Dislocated = "dislocated",
        Goeswith = "goeswith",
        Orphan = "orphan",
        Reparandum = "reparandum",
        Punct = "punct",
    }
}
