//! How the list of commands becomes a struct each, and one enum of them all.

macro_rules! commands {
    ($(
        $(#[$doc:meta])* $name:ident $snake:literal {
            $( $(#[$fdoc:meta])* $field:ident : $ty:ty ),* $(,)?
        }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $( $(#[$fdoc])* pub $field: $ty ),* }

            impl From<$name> for Command {
                fn from(command: $name) -> Command { Command::$name(command) }
            }
        )*

        /// Everything that can be asked for.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "do")]
        pub enum Command {
            $( $(#[$doc])* #[serde(rename = $snake)] $name($name) ),*
        }

        impl Command {
            /// The command's name in the API, the role table and the record.
            pub fn name(&self) -> &'static str {
                match self { $( Command::$name(_) => $snake ),* }
            }

            /// Every command's name.
            pub const NAMES: &'static [&'static str] = &[ $( $snake ),* ];
        }
    };
}
