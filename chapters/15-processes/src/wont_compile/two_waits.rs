//! Whoever collects what a child says has the child: nobody can end it meanwhile.

use processes::Command;

pub async fn ask() -> std::io::Result<()> {
    let mut radio = Command::new("sleep").arg("9").spawn()?;
    let output = radio.wait_with_output();
    radio.kill()?;
    output.await.map(drop)
}
