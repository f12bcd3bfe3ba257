//! Signing in to an SSH server: by key, by password, or by answering the server's question for the password (RFC 4252; RFC
//! 4256, *keyboard-interactive*, which is how many servers with PAM ask).

use std::sync::Arc;

use russh::MethodKind;
use russh::client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse, Prompt};
use russh::keys::PrivateKeyWithHashAlg;

use super::place::Server;
use super::remote::RemoteError;
use super::secrets::{Hidden, Secret};
use super::sftp::of_ssh;
use crate::central::intake::text::printable;

/// How often a server may ask something before it is given up: some begin with a greeting that asks nothing.
const ROUNDS_MAX: usize = 6;
/// How much of a question is told.
const QUESTION_CHARACTERS_MAX: usize = 100;

/// Signs in with what the channel has. A key counts before a password, which is its passphrase then.
pub async fn sign_in<H: Handler>(
    connection: &mut Handle<H>,
    server: &Server,
    secret: &Secret,
) -> Result<(), RemoteError> {
    let user = &server.user;
    match (&secret.key, &secret.password) {
        (Some(key), passphrase) => {
            let key = russh::keys::decode_secret_key(key.reveal(), passphrase.as_ref().map(Hidden::reveal))
                .map_err(|error| RemoteError::SecretUnusable(format!("the private key cannot be read: {error}")))?;
            // An RSA key signs with the best hash the server knows; SHA-1 (`None`) is what servers without a list know.
            let hash = connection.best_supported_rsa_hash().await.map_err(of_ssh)?.flatten();
            let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
            let answer = connection.authenticate_publickey(user, key).await.map_err(of_ssh)?;
            if answer.success() { Ok(()) } else { Err(refused(user, "key")) }
        }
        (None, Some(password)) => sign_in_by_password(connection, user, password).await,
        (None, None) => Err(RemoteError::SecretUnusable("no password and no key is kept for this channel".to_owned())),
    }
}

fn refused(user: &str, what: &'static str) -> RemoteError {
    RemoteError::LoginRefused { user: user.to_owned(), what }
}

async fn sign_in_by_password<H: Handler>(
    connection: &mut Handle<H>,
    user: &str,
    password: &Hidden,
) -> Result<(), RemoteError> {
    // Asked first what it takes, so that a wrong password is tried once and not by every way there is.
    let asks = match connection.authenticate_none(user).await.map_err(of_ssh)? {
        AuthResult::Success => return Ok(()),
        AuthResult::Failure { remaining_methods, .. } => {
            remaining_methods.contains(&MethodKind::KeyboardInteractive)
                && !remaining_methods.contains(&MethodKind::Password)
        }
    };
    if asks {
        return answer_questions(connection, user, password).await;
    }
    let answer = connection.authenticate_password(user, password.reveal()).await.map_err(of_ssh)?;
    if answer.success() { Ok(()) } else { Err(refused(user, "password")) }
}

async fn answer_questions<H: Handler>(
    connection: &mut Handle<H>,
    user: &str,
    password: &Hidden,
) -> Result<(), RemoteError> {
    let mut answered = None;
    let mut told = connection.authenticate_keyboard_interactive_start(user, None).await.map_err(of_ssh)?;
    for _ in 0..ROUNDS_MAX {
        let prompts = match told {
            KeyboardInteractiveAuthResponse::Success => return Ok(()),
            KeyboardInteractiveAuthResponse::Failure { .. } => return Err(refused(user, "password")),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = match plan_answers(&prompts, answered.as_deref()) {
            Plan::Nothing => Vec::new(),
            Plan::Password => {
                answered = prompts.first().map(|prompt| prompt.prompt.clone());
                vec![password.reveal().to_owned()]
            }
            Plan::AskedAgain => return Err(refused(user, "password")),
            Plan::AskedMore(question) => return Err(RemoteError::AskedMore { user: user.to_owned(), question }),
        };
        told = connection.authenticate_keyboard_interactive_respond(answers).await.map_err(of_ssh)?;
    }
    Err(RemoteError::Nonsense("it asks without an end".to_owned()))
}

/// What to answer.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// It asks nothing.
    Nothing,
    /// The password.
    Password,
    /// It asks for the password again: it was wrong.
    AskedAgain,
    /// It asks for something we do not have.
    AskedMore(String),
}

/// The password goes to one question that hides its answer, and to no other. `answered` is the question that has had it.
fn plan_answers(prompts: &[Prompt], answered: Option<&str>) -> Plan {
    match (prompts, answered) {
        ([], _) => Plan::Nothing,
        ([one], None) if !one.echo => Plan::Password,
        ([one], Some(before)) if one.prompt == before => Plan::AskedAgain,
        (several, _) => {
            let strange = several.iter().find(|prompt| prompt.echo).or(several.last());
            let question = strange.map_or_else(String::new, |prompt| printable(&prompt.prompt));
            Plan::AskedMore(question.chars().take(QUESTION_CHARACTERS_MAX).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_goes_to_one_hidden_question_alone() {
        let hidden = |text: &str| Prompt { prompt: text.into(), echo: false };
        let shown = |text: &str| Prompt { prompt: text.into(), echo: true };
        let more = |text: &str| Plan::AskedMore(text.into());
        #[rustfmt::skip]
        let table = [
            ("nothing",           vec![],                                          None,              Plan::Nothing),
            ("the password",      vec![hidden("Password: ")],                      None,              Plan::Password),
            ("a greeting after",  vec![],                                          Some("Password: "), Plan::Nothing),
            ("it was wrong",      vec![hidden("Password: ")],                      Some("Password: "), Plan::AskedAgain),
            ("a code as well",    vec![hidden("Code: ")],                          Some("Password: "), more("Code:")),
            ("both at once",      vec![hidden("Password: "), hidden("Code: ")],    None,              more("Code:")),
            ("who is there",      vec![shown("Name: ")],                           None,              more("Name:")),
            ("name and password", vec![shown("Name: "), hidden("Password: ")],     None,              more("Name:")),
            ("an evil question",  vec![shown("\u{1b}[2JPass\u{202e}word: ")],      None,              more("[2JPassword:")),
        ];
        for (what, prompts, answered, expected) in table {
            assert_eq!(plan_answers(&prompts, answered), expected, "{what}");
        }
        let Plan::AskedMore(question) = plan_answers(&[shown(&"x".repeat(9_000))], None) else {
            panic!("it is no password")
        };
        assert_eq!(question.len(), QUESTION_CHARACTERS_MAX);
    }
}
