//! What the programs share: a folder of their own.

use std::fmt;

use chapter::BadInput;

/// Runs `body` on taxi with the path of a file that is not there yet, in a folder that goes when it is over.
///
/// ```
/// use database::{Database, Error, in_a_folder};
///
/// in_a_folder(async |path| {
///     let database = Database::at(&path).open().await?;
///     database.close().await
/// })?;
/// # Ok::<(), chapter::BadInput>(())
/// ```
///
/// # Errors
///
/// What `body` fails with; if there can be no folder.
pub fn in_a_folder<E: fmt::Display>(
    body: impl AsyncFnOnce(String) -> Result<(), E>,
) -> Result<(), BadInput> {
    let folder = tempfile::tempdir().map_err(|error| BadInput::new(error.to_string()))?;
    let path = folder.path().join("rides.db").display().to_string();
    let ended = taxi::run(async {
        trace::name(format_args!("main"));
        body(path).await
    });
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(BadInput::new(error.to_string())),
        Err(error) => Err(BadInput::new(error.to_string())),
    }
}
