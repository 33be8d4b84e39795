//! How the list of commands becomes a struct each, and one enum of them all. After the semicolon
//! are those whose structs have a file of their own.

macro_rules! commands {
    ($(
        $(#[$doc:meta])* $name:ident $snake:literal {
            $( $(#[$fdoc:meta])* $field:ident : $ty:ty ),* $(,)?
        }
    )* ; $( $(#[$own_doc:meta])* $own:ident $own_snake:literal )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $( $(#[$fdoc])* pub $field: $ty ),* }

            impl From<$name> for Command {
                fn from(command: $name) -> Command { Command::$name(command) }
            }
        )*
        $(
            impl From<$own> for Command {
                fn from(command: $own) -> Command { Command::$own(command) }
            }
        )*

        /// Everything that can be asked for.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "do")]
        pub enum Command {
            $( $(#[$doc])* #[serde(rename = $snake)] $name($name), )*
            $( $(#[$own_doc])* #[serde(rename = $own_snake)] $own($own), )*
        }

        impl Command {
            /// The command's name in the API, the role table and the record.
            pub fn name(&self) -> &'static str {
                match self {
                    $( Command::$name(_) => $snake, )*
                    $( Command::$own(_) => $own_snake, )*
                }
            }

            /// Every command's name.
            pub const NAMES: &'static [&'static str] = &[ $( $snake, )* $( $own_snake, )* ];
        }
    };
}
