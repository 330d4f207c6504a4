# Thin names for cargo commands. Nothing lives only here.

# What there is.
default:
    @just --list

# Runs every chapter and says what to do next.
run:
    cargo run

# Serves the book and opens it.
read:
    cargo run -- read --open

# Tests everything.
test:
    cargo test

# Tests the transcripts that have NAME in their name, such as `02-event-loop::taxi`.
transcript NAME="":
    cargo test --package workbook-tests --test transcripts -- {{NAME}}

# Takes the transcripts as they are now for right; look at `git diff` afterwards.
accept:
    INSTA_UPDATE=always cargo test --package workbook-tests --test transcripts

# Formats, and shows what clippy has to say.
tidy:
    cargo fmt --all
    cargo clippy --workspace --all-targets

# What CI runs.
ci:
    .ci/run
