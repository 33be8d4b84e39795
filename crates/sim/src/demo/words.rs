//! What people say in the demonstration, and where. All of it is made up.

/// A kind of call.
pub struct Kind {
    /// Its opening code.
    pub code: &'static str,
    /// What informants say.
    pub words: &'static [&'static str],
}

/// A town. It lies in the North Sea, so that it is nobody's.
pub struct Town {
    /// Its name.
    pub name: &'static str,
    /// The district that resources it.
    pub district: &'static str,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Whether it counts as rural.
    pub rural: bool,
}

/// A unit: call sign, kind, district, skills, equipment.
pub type DemoUnit =
    (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// The units.
pub const UNITS: &[DemoUnit] = &[
    ("DN11", "response", "North", &[], &["method of entry"]),
    ("DN12", "response", "North", &["taser"], &[]),
    ("DN13", "response", "North", &[], &[]),
    ("DN14", "response", "North", &["taser", "drone"], &[]),
    ("DN15", "response", "North", &[], &[]),
    ("DN41", "neighbourhood", "North", &[], &[]),
    ("DC21", "response", "Central", &["taser", "sexual offences"], &[]),
    ("DC22", "response", "Central", &[], &["method of entry"]),
    ("DC23", "response", "Central", &["taser"], &["taser", "defibrillator"]),
    ("DC24", "response", "Central", &[], &[]),
    ("DC25", "response", "Central", &[], &[]),
    ("DC26", "response", "Central", &["taser"], &[]),
    ("DC42", "neighbourhood", "Central", &[], &[]),
    ("DS31", "response", "South", &[], &["method of entry"]),
    ("DS32", "response", "South", &["taser"], &[]),
    ("DS33", "response", "South", &["POLSA"], &[]),
    ("DS34", "response", "South", &[], &[]),
    ("DS43", "neighbourhood", "South", &[], &[]),
    ("RP51", "roads", "Central", &["roads policing", "pursuit"], &["defibrillator", "stinger"]),
    ("RP52", "roads", "North", &["roads policing", "pursuit"], &["stinger"]),
    ("AR71", "armed response", "Central", &["firearms", "taser"], &["method of entry"]),
    ("DG61", "dogs", "Central", &["dog"], &[]),
];

/// The towns.
pub const TOWNS: &[Town] = &[
    Town { name: "Harrowmere", district: "Central", lat: 53.60, lon: 1.20, rural: false },
    Town { name: "Kelsmouth", district: "Central", lat: 53.58, lon: 1.32, rural: false },
    Town { name: "Tilbeck", district: "North", lat: 53.74, lon: 1.18, rural: false },
    Town { name: "Upper Wrayfold", district: "North", lat: 53.80, lon: 1.05, rural: true },
    Town { name: "Saltwyke Bay", district: "South", lat: 53.46, lon: 1.36, rural: false },
    Town { name: "Thornley Fen", district: "South", lat: 53.40, lon: 1.12, rural: true },
];

/// Streets.
pub const STREETS: &[&str] = &[
    "Mill Lane",
    "Station Road",
    "Chapel Street",
    "Quarry Hill",
    "The Crescent",
    "Foundry Row",
    "Weir Close",
    "Alder Avenue",
    "Market Place",
    "Harbour View",
    "Priory Gardens",
    "Long Acre",
];

/// Places that are not clear.
pub const SOMEWHERE: &[&str] = &[
    "somewhere on the bypass",
    "by the canal, past the second bridge",
    "in the woods behind the school",
    "a lay-by, there was a burger van",
];

/// First names.
pub const FIRST_NAMES: &[&str] = &[
    "Asha", "Bryn", "Carys", "Dominic", "Ewa", "Farah", "Gareth", "Hilary", "Imran", "Jo", "Kwame",
    "Lowri", "Marek", "Nuala", "Owen", "Priya",
];

/// Last names.
pub const LAST_NAMES: &[&str] = &[
    "Ashdown",
    "Birtwell",
    "Cardew",
    "Dalby",
    "Eastoe",
    "Farrant",
    "Garside",
    "Hollin",
    "Iveson",
    "Jessop",
    "Kirkbride",
    "Lumley",
    "Meakin",
    "Naylor",
    "Oldroyd",
    "Pinder",
];

/// What an informant says beside the matter, and a busy call handler may not type.
pub const LEFT_OUT: &[&str] = &[
    "He has tried to take his own life before, more than once.",
    "There is a knife on the kitchen table.",
    "I have not seen my parents for days, and the car has gone.",
    "He left in a taxi an hour ago.",
    "She has dementia and she is out in her slippers.",
    "He said he would kill her if she goes.",
];

/// The kinds of calls.
pub const KINDS: &[Kind] = &[
    Kind {
        code: "domestic incident",
        words: &[
            "My sister's partner is shouting and throwing her things onto the street again.",
            "It's next door, they are arguing badly and I can hear the children crying.",
            "My ex has come back, he is outside and won't leave, he says he wants to talk.",
        ],
    },
    Kind {
        code: "concern for safety",
        words: &[
            "I haven't heard from my neighbour for three days and the milk is still outside.",
            "A man is sitting on the wrong side of the railing on the footbridge, he looks upset.",
            "My brother sent me a goodbye message and isn't picking up.",
        ],
    },
    Kind {
        code: "missing person",
        words: &[
            "My mum has dementia, she went for the paper two hours ago and hasn't come back.",
            "My son is fourteen, he should have been home from school at four.",
        ],
    },
    Kind {
        code: "suspicious circumstances",
        words: &[
            "Two people are trying the handles of the cars along our road.",
            "There is a torch moving about in the empty shop, it closed months ago.",
            "A van has been round three times and they are looking into the gardens.",
        ],
    },
    Kind {
        code: "burglary",
        words: &[
            "I've come home, the back door is off its hinges, they went through everything.",
            "Somebody is in my shed right now, I can hear them.",
        ],
    },
    Kind {
        code: "theft",
        words: &[
            "A lad has just walked out with four bottles, same one as last week.",
            "My bike was locked outside the station and only the lock is left.",
        ],
    },
    Kind {
        code: "violence",
        words: &[
            "There is a fight outside the pub, five or six of them, one is on the ground.",
            "I've just been punched by a man in the queue, he has walked off to the market.",
        ],
    },
    Kind {
        code: "road traffic collision injury",
        words: &[
            "A car has gone into the wall at the crossroads, the driver says her neck hurts.",
            "A cyclist has been knocked off, he is talking but his leg looks bad.",
        ],
    },
    Kind {
        code: "road traffic collision damage",
        words: &[
            "Somebody clipped my mirror and drove on, I have the number.",
            "Two cars, nobody hurt, but they are arguing about whose fault it was.",
        ],
    },
    Kind {
        code: "ASB nuisance",
        words: &[
            "Off-road bikes on the playing field again, up and down for an hour.",
            "A group is letting off fireworks at the bus shelter and people can't get past.",
        ],
    },
    Kind {
        code: "ASB personal",
        words: &[
            "The lads from the end house have thrown eggs at my window again, I live alone.",
            "My neighbour shouts at me every time I leave the house, I don't dare go out now.",
        ],
    },
    Kind {
        code: "criminal damage",
        words: &[
            "All four tyres on my work van have been let down and one is cut.",
            "Somebody has smashed the bus stop, there is glass over the pavement.",
        ],
    },
    Kind {
        code: "highway disruption",
        words: &[
            "There are sheep on the dual carriageway, people are braking hard.",
            "A tree is down across both lanes by the garden centre.",
        ],
    },
    Kind {
        code: "alarm",
        words: &[
            "Panic alarm at a jeweller's, no answer when we ring the premises.",
            "Intruder alarm at the primary school, two sensors, moving.",
        ],
    },
];

/// What people say who ring again.
pub const CHASING: &[&str] = &[
    "I rang earlier and nobody has come yet, how long will it be?",
    "It's me again, they are still here. Is anybody on the way?",
];

/// What is written while units are at it.
pub const ENTRIES: &[&str] = &[
    "Unit asks for a second crew for the far side of the building, none needed after all.",
    "Spoken to the informant by telephone, nothing has changed.",
    "Neighbour spoken to, heard shouting at about the time given.",
    "CCTV operator asked to look for the group described.",
    "Ambulance control says a crew is on the way.",
    "Key holder is coming from Tilbeck, about 20 minutes.",
];

/// What dispatchers ask call handlers.
pub const QUESTIONS: &[&str] = &[
    "Is anybody hurt, and is anybody still there?",
    "Which way did they go, and what were they wearing?",
    "Is it safe to ring this number back?",
];

/// How attended logs end.
pub const ENDED_ATTENDED: &[&str] = &[
    "attended - dealt with",
    "attended - no crime",
    "attended - no trace",
    "attended - person safe",
];

/// What came of it.
pub const RESULTS: &[&str] = &[
    "Spoken to everybody there, advice given, all quiet when the unit left.",
    "Area searched, no trace of anybody. The informant has been told.",
    "Details taken, a crime reference was given to the informant.",
    "Person found and seen to be well, family with them.",
];
