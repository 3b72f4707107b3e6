//! Words of news, for sentences of our own.

/// Countries of one word.
pub const COUNTRIES: &str = "Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan \
    Bahrain Bangladesh Belarus Belgium Benin Bolivia Botswana Brazil Britain Bulgaria Burundi Cambodia Cameroon \
    Canada Chad Chile China Colombia Congo Croatia Cuba Cyprus Denmark Djibouti Ecuador Egypt Eritrea Estonia \
    Ethiopia Fiji Finland France Gabon Gambia Georgia Germany Ghana Greece Guatemala Guinea Guyana Haiti Honduras \
    Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya Kosovo \
    Kuwait Kyrgyzstan Laos Latvia Lebanon Lesotho Liberia Libya Lithuania Luxembourg Madagascar Malawi Malaysia \
    Mali Malta Mauritania Mexico Moldova Mongolia Montenegro Morocco Mozambique Myanmar Namibia Nepal Netherlands \
    Nicaragua Niger Nigeria Norway Oman Pakistan Panama Paraguay Peru Philippines Poland Portugal Qatar Romania \
    Russia Rwanda Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Suriname Sweden Switzerland Syria \
    Taiwan Tajikistan Tanzania Thailand Togo Tunisia Turkey Turkmenistan Uganda Ukraine Uruguay Uzbekistan Vanuatu \
    Venezuela Vietnam Yemen Zambia Zimbabwe";
/// Bodies and capitals that act as countries do.
pub const BODIES: &str = "EU NATO UN US UK U.S. U.N. ASEAN OPEC ECOWAS UNICEF WHO IMF Hamas Hezbollah Kremlin Moscow \
    Beijing Washington Kyiv Tehran Ankara Brussels London Pyongyang Tokyo Seoul Delhi Islamabad Interpol Houthis";
/// Names of two words; the first is (A)n adjective, a (N)oun or a (V)erb as the treebanks see it.
pub const PAIRS: &str = "North/N/Korea South/N/Korea United/V/States United/V/Nations European/A/Union \
    Saudi/A/Arabia African/A/Union White/A/House Arab/A/League New/A/Zealand South/N/Africa South/N/Sudan \
    Foreign/A/Ministry Supreme/A/Court Security/N/Council World/N/Bank Sri/N/Lanka Hong/N/Kong";
/// Adjectives of peoples.
pub const PEOPLES: &str = "Russian Chinese French German Iranian Israeli Turkish Indian Japanese Ukrainian British \
    Brazilian Egyptian Saudi Palestinian Syrian Pakistani Polish Kenyan Mexican Lithuanian Portuguese Spanish \
    Swedish Finnish Estonian Georgian Armenian Azerbaijani Afghan Iraqi Lebanese Libyan Yemeni Sudanese Ethiopian \
    Somali Nigerian Rwandan Congolese Venezuelan Colombian Cuban Vietnamese Thai Burmese Malaysian Indonesian \
    Australian Canadian American Greek Italian Dutch Belgian Norwegian Danish Serbian Hungarian Moldovan Belarusian";
/// Towns.
pub const TOWNS: &str = "Mashhad Tokyo Geneva Vienna Cairo Amman Doha Beirut Damascus Gaza Kharkiv Odesa Donetsk Goma \
    Khartoum Tripoli Benghazi Sanaa Kabul Kandahar Lahore Karachi Delhi Mumbai Dhaka Yangon Bangkok Hanoi Manila \
    Jakarta Seoul Beijing Shanghai Moscow Minsk Kyiv Warsaw Berlin Paris London Madrid Lisbon Rome Athens Ankara \
    Istanbul Baghdad Mosul Aleppo Idlib Nairobi Kampala Kigali Juba Abuja Lagos Accra Dakar Bamako Tunis Rabat \
    Caracas Bogota Lima Quito Havana Managua Washington Brussels Strasbourg Zagreb Belgrade Pristina Tirana Baku \
    Yerevan Tbilisi Astana Tashkent Dushanbe Herat Rafah Jenin Lviv Mariupol Bakhmut";
/// People of one kind, more than one.
pub const MANY: &str = "forces troops soldiers police officials prosecutors authorities lawmakers protesters \
    demonstrators rebels militants gunmen insurgents fighters diplomats ministers leaders investigators warships \
    jets farmers workers students judges activists negotiators hackers regulators firms banks airlines warplanes \
    aircraft drones missiles rockets voters mediators separatists commandos settlers villagers migrants refugees";
/// One who acts.
pub const ONE: &str = "government military army navy parliament president minister ministry embassy court \
    ambassador envoy spokesman spokeswoman opposition coalition regime delegation cabinet bank company judge junta \
    senate committee commission council premier king prosecutor diplomat regulator militia union watchdog bloc \
    chancellor consulate general commander team mission tribunal group agency airline";
/// Those who suffer it.
pub const PEOPLE: &str = "people soldiers civilians men women children journalists activists policemen prisoners \
    diplomats militants villagers fighters hostages officers workers students migrants protesters others";
/// Things that are agreed, refused and sent.
pub const THINGS: &str = "agreement deal treaty plan proposal move attack decision embargo ban protest law bill \
    statement resolution ceasefire truce offensive blockade pact visit summit meeting election vote crisis \
    withdrawal accusation raid offer demand threat coup border town base airport port embassy invitation request \
    aid grant loan convoy reform pipeline missile ship tanker sentence verdict extradition";
/// Things in the plural.
pub const STUFF: &str = "sanctions talks vehicles weapons tanks missiles drones targets positions airstrikes ties \
    relations tariffs charges reports claims elections imports exports flights visas supplies troops attacks plans \
    demands threats allegations rules restrictions measures documents funds casualties borders exercises drills \
    negotiations strikes goods grain";
/// Events that are nouns in the plural and look like verbs.
pub const STRIKES: &str = "strikes attacks raids talks protests clashes sanctions threats demands visits claims \
    moves votes reports tests drills plans exports imports airstrikes warnings calls charges airstrikes floods";
/// What talks are about.
pub const MATTERS: &str = "gas trade migration security grain oil energy climate defence water fisheries terrorism \
    corruption inflation defense agriculture tourism";
/// Given names.
pub const GIVEN: &str = "Hakan Narges Sergei Wang Maria Joao Narendra Abdel Ursula John Marco Mahmoud Kim Olena Amina \
    Recep Yoon Pedro Ayman Emmanuel Angela Hassan Benjamin Antony Vladimir Xi Luiz Olaf Giorgia Viktor Ilham \
    Nikol Dmytro Andrzej Kaja Jens Ebrahim Hossein Bashar Najib Fumio Yoshihide Rishi Sanna Tedros Kassym Ferdinand";
/// Family names.
pub const FAMILY: &str = "Fidan Mohammadi Putin Jinping Macron Merkel Rouhani Blinken Lavrov Silva Modi Kerry Rubio \
    Abbas Petrov Okafor Haddad Novak Tanaka Demir Costa Yadav Hansen Mbeki Zelenskiy Mursi Safadi Aliyev Pashinyan \
    Kuleba Duda Kallas Stoltenberg Raisi Araghchi Assad Mikati Kishida Suga Sunak Marin Tokayev Marcos Nguyen";
/// Pieces of names that nobody has.
pub const SYLLABLES: &str = "ka ra mo ti sha be lu zan dor vi kol mar sen ya hu jo ne ri bak tor gul des ami fen \
    oro pel nar khu zia dre wol stan ev ski nko oglu adze yan ashvili awi unda ara eh";
/// Titles in front of names.
pub const TITLES: &str = "President Chancellor Premier Senator Gen. Sheikh King Ambassador General Ayatollah";
/// Verbs with the particles that belong to them.
pub const PARTICLES: &str = "hand-over carry-out call-off set-up step-up shut-down take-over break-off cut-off pull-out \
    send-back hold-up close-down round-up turn-away lock-up drive-out kick-out give-up back-down hit-back \
    roll-out ramp-up lay-down put-down crack-down push-back fight-back blow-up shoot-down bring-down turn-down \
    strike-down rule-out team-up sign-up sit-down draw-up hammer-out throw-out pick-up fly-in hold-back work-out";
/// Verbs with the prepositions they take.
pub const PREPOSITIONS: &str = "call-on fire-at agree-on meet-with talk-to fly-to travel-to withdraw-from clash-with \
    retreat-from side-with protest-against strike-at vote-for march-on appeal-to apologise-to respond-to \
    negotiate-with cooperate-with go-to arrive-in break-into intervene-in align-with pull-out-of object-to \
    vote-against demonstrate-against shoot-at close-in-on open-to bow-to push-for press-for crack-down-on walk-out-of";
/// Verbs of which someone is accused, urged, or that announce.
pub const URGES: &str = "urge ask order tell press force warn invite allow persuade instruct pressure beg want \
    encourage help require push";
/// Verbs with an infinitive of their own.
pub const VOWS: &str = "agree vow pledge refuse threaten plan seek offer decide promise want fail try move prepare \
    hope aim decline struggle intend";
/// Verbs that report.
pub const SAYS: &str = "say announce claim report confirm warn deny declare state believe insist fear allege";
/// Verbs with `of` and what was done.
pub const ACCUSES: &str = "accuse suspect convict acquit";
/// Days and the like under `on` and `in`.
pub const DAYS: &str = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
/// Months and the like.
pub const MONTHS: &str =
    "January February March April May June July August September October November December";
