//! How the list of commands becomes a struct each, and one enum of them all. Those whose structs
//! stand in a file of their own subject are named first.

/// Commands, a struct each.
macro_rules! asked {
    ($(
        $(#[$doc:meta])* $name:ident {
            $( $(#[$fdoc:meta])* $field:ident : $ty:ty ),* $(,)?
        }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
            #[serde(deny_unknown_fields)]
            pub struct $name { $( $(#[$fdoc])* pub $field: $ty ),* }
        )*
    };
}

/// Each command is one of them all.
macro_rules! into_command {
    ($( $name:ident )*) => {
        $(
            impl From<$name> for Command {
                fn from(command: $name) -> Command { Command::$name(command) }
            }
        )*
    };
}

macro_rules! commands {
    ($( @ $file:ident { $( $(#[$edoc:meta])* $ename:ident $esnake:literal; )* } )*
    $(
        $(#[$doc:meta])* $name:ident $snake:literal {
            $( $(#[$fdoc:meta])* $field:ident : $ty:ty ),* $(,)?
        }
    )*) => {
        asked! { $( $(#[$doc])* $name { $( $(#[$fdoc])* $field: $ty ),* } )* }

        into_command! { $( $( $ename )* )* $( $name )* }

        /// Everything that can be asked for.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "do")]
        pub enum Command {
            $( $( $(#[$edoc])* #[serde(rename = $esnake)] $ename($file::$ename), )* )*
            $( $(#[$doc])* #[serde(rename = $snake)] $name($name) ),*
        }

        impl Command {
            /// The command's name in the API, the role table and the record.
            pub fn name(&self) -> &'static str {
                match self {
                    $( $( Command::$ename(_) => $esnake, )* )*
                    $( Command::$name(_) => $snake ),*
                }
            }

            /// Reads what a command asks for, by the command's name. `None` if no command has it.
            pub fn read<'de, D: serde::Deserializer<'de>>(
                name: &str,
                fields: D,
            ) -> Option<Result<Command, D::Error>> {
                Some(match name {
                    $( $(
                        $esnake => $file::$ename::deserialize(fields).map(Command::$ename),
                    )* )*
                    $( $snake => $name::deserialize(fields).map(Command::$name), )*
                    _ => return None,
                })
            }

            /// Every command's name.
            pub const NAMES: &'static [&'static str] = &[ $( $( $esnake, )* )* $( $snake ),* ];
        }
    };
}
