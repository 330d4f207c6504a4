// The box of predict mode: a question, its answers, the verdict, the score.

import { el } from "./dom.mjs";

// What the reader chose to be shown, instead of an answer.
const SHOWN = -1;

export class Quiz {
  constructor(replay) {
    this.replay = replay;
    // What was chosen, by step.
    this.chosen = new Map();
    this.right = 0;
    this.answered = 0;
    this.on = false;
    this.ask = el("p", { class: "ts-ask", role: "status" });
    this.score = el("p", { class: "ts-score" });
    this.reveal = el("button", { type: "button", class: "ts-show", click: () => this.choose(SHOWN) }, "Show me");
    this.options = el("div", { class: "ts-options", role: "group", "aria-label": "Answers" });
    this.node = el(
      "section",
      { class: "ts-quiz", "aria-label": "Predict", hidden: true },
      el("div", { class: "ts-quiz-head" }, this.ask, this.score, this.reveal),
      this.options,
    );
  }

  // Switches it on or off. What was answered before counts no more.
  turn(on) {
    this.on = on;
    this.node.hidden = !on;
    this.chosen.clear();
    this.right = 0;
    this.answered = 0;
    this.step = undefined;
  }

  // Whether a question stands open.
  get open() {
    return this.on && this.question !== undefined && !this.chosen.has(this.step);
  }

  // Whether there is a question at `step` that was not dealt with.
  asksAt(step) {
    return !this.chosen.has(step) && this.replay.question(step) !== undefined;
  }

  draw(step) {
    if (!this.on) return;
    const held = this.node.contains(document.activeElement);
    if (this.step !== step) {
      this.step = step;
      this.question = this.replay.question(step);
      this.#build();
      // A focused button that goes away would lose the focus to the page, where the arrow keys turn it.
      if (held) this.node.parentElement.focus({ preventScroll: true });
    }
    this.#show();
  }

  // Chooses answer `index` of the open question.
  choose(index) {
    if (!this.open || index >= this.question.options.length) return;
    // What was pressed goes away.
    if (document.activeElement === this.reveal) this.node.parentElement.focus({ preventScroll: true });
    this.chosen.set(this.step, index);
    if (index !== SHOWN) {
      this.answered += 1;
      if (index === this.question.answer) this.right += 1;
    }
    this.#show();
  }

  #build() {
    const asked = this.question;
    const option = (text, index) =>
      el(
        "button",
        { type: "button", class: asked.lines ? "ts-option ts-printed" : "ts-option", click: () => this.choose(index) },
        el("kbd", {}, String(index + 1)),
        el("span", { title: text }, text),
      );
    const buttons = (asked?.options ?? []).map(option);
    this.options.replaceChildren(...buttons);
  }

  #show() {
    const asked = this.question;
    const choice = this.chosen.get(this.step);
    const said = this.#verdict(asked, choice) ?? asked?.ask ?? this.#idle();
    // An equal text is not set again: it would be read again.
    if (this.ask.textContent !== said) this.ask.textContent = said;
    this.reveal.classList.toggle("ts-hidden", asked === undefined || choice !== undefined);
    this.node.classList.toggle("ts-idle", asked === undefined);
    this.score.textContent = this.answered > 0 ? `${this.right} of ${this.answered} right` : "";
    [...this.options.children].forEach((button, index) => {
      button.setAttribute("aria-disabled", String(choice !== undefined));
      button.classList.toggle("ts-true", choice !== undefined && index === asked.answer);
      button.classList.toggle("ts-false", choice === index && index !== asked.answer);
    });
  }

  #idle() {
    if (this.step < this.replay.last) return "Nothing to foresee at this step: go on.";
    return this.answered > 0 ? "That was the last step." : "The last step.";
  }

  #verdict(asked, choice) {
    if (!asked || choice === undefined) return undefined;
    const truth = asked.options[asked.answer];
    const said = choice === asked.answer ? "Right." : choice === SHOWN ? `${truth}.` : `Not quite: ${truth}.`;
    return `${said} ${asked.why}`;
  }
}
