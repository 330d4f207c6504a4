// What a browser test needs before it can begin: a browser and a server.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const WORKSPACE = fileURLToPath(new URL("../..", import.meta.url));

// The status that says "left out": something is not installed.
const LEFT_OUT = 77;

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

// Nothing but the test may use the network, and no page anything beyond this machine.
const FLAGS = [
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function leaveOut(why) {
  console.error(why);
  process.exit(LEFT_OUT);
}

// Starts Chromium: $CHROMIUM, or the first that is where one usually is.
export async function launch() {
  const { chromium } = await import("playwright-core").catch(() =>
    leaveOut("playwright-core is not installed (npm ci in tests/browser)"),
  );
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined || !existsSync(executablePath)) {
    leaveOut("no Chromium found (install one, or set CHROMIUM to its path)");
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

// Where the book is, and how to end what serves it: at the address given, or else it is built and served through cargo.
export async function serve(served) {
  if (served !== undefined) return { address: served, end: () => {} };
  const args = ["run", "--quiet", "--package", "pages", "--", "serve", "--port", "0"];
  const child = spawn("cargo", args, { cwd: WORKSPACE, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const address = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\//);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended (${code}):\n${said}`)));
  });
  const end = () => {
    child.removeAllListeners("exit");
    child.kill();
  };
  return { address, end };
}
