/* What a browser with scripts adds to the questionnaire: a draft, numbers that follow the answers, and a look at what
   can't be sent before it is. Everything else the document does by itself. Nothing here talks to the server. */
"use strict";

const form = document.querySelector("form.sheet");
const questions = [...form.querySelectorAll(".question")];
const review = form.querySelector(".review");
const baseTitle = document.title;
let draft = null;
const touched = new Set(); // what people have answered while the draft was being unlocked stands

const isAsked = (element) => {
  const gate = element.dataset.unless;
  return !gate || !form.querySelector(`[data-shuts~="${gate}"]:checked`);
};
const asked = () => questions.filter(isAsked);
const fieldsOf = (question) => [...question.querySelectorAll("input, textarea")];
const isAnswered = (question) => fieldsOf(question).some((field) => (field.type === "textarea" ? field.value.trim() : field.checked));
const sideShown = () => document.querySelector(":target")?.closest(".side") ?? form.querySelector(".first");

/* --- numbers and titles --- */

function recount() {
  const all = asked();
  for (const [index, question] of all.entries()) {
    question.querySelector("[data-number]").textContent = index + 1;
    question.querySelector("[data-of]").textContent = all.length;
  }
  for (const side of form.querySelectorAll(".questions")) {
    const first = all.findIndex((question) => side.contains(question));
    if (first >= 0) Object.assign(side.querySelector("progress"), { max: all.length, value: first });
  }
  const answered = all.filter(isAnswered).length;
  const count = review.querySelector("[data-count]");
  if (answered) {
    count.textContent = answered === all.length ? count.dataset.all : count.dataset.some.replace("{n}", answered).replace("{of}", all.length);
  }
}

function showSide() {
  const side = sideShown();
  const heading = side.classList.contains("first") ? "" : side.querySelector("h2").textContent;
  document.title = heading ? `${heading} – ${baseTitle}` : baseTitle;
  if (document.querySelector(":target") === side && !side.contains(document.activeElement)) side.focus({ preventScroll: true });
  recount();
}

/* --- what can't be sent --- */

function problemOf(question) {
  const { most, longest, message } = question.dataset;
  const chosen = fieldsOf(question).filter((field) => field.checked).length;
  if (most && chosen > Number(most)) return message.replace("{n}", chosen);
  const text = question.querySelector("textarea")?.value.normalize("NFC").trim() ?? "";
  const over = longest ? [...text].length - Number(longest) : 0;
  return over > 0 ? message.replace("{n}", over) : "";
}

function showProblem(question, sending = false) {
  const { message, required } = question.dataset;
  const problem = (message && problemOf(question)) || (sending && required && !isAnswered(question) ? required : "");
  const line = question.querySelector(".problem");
  line.setAttribute("role", "status");
  line.textContent = problem;
  line.hidden = !problem;
  question.classList.toggle("wrong", Boolean(problem));
  question.querySelector("textarea")?.setAttribute("aria-invalid", String(Boolean(problem)));
  return problem;
}

function problems() {
  const found = asked().map((question) => [question, showProblem(question, true)]).filter(([, problem]) => problem);
  return found.length || asked().some(isAnswered) ? found : [[null, null]];
}

function refuse(found) {
  const box = review.querySelector("[data-problems]");
  const lines = found.map(([question, problem]) => {
    const line = document.createElement("li");
    if (!question) {
      line.textContent = box.dataset.nothing;
      return line;
    }
    const link = document.createElement("a");
    link.href = `#${fieldsOf(question)[0].id}`;
    link.textContent = problem;
    line.append(link);
    return line;
  });
  box.querySelector("h3").textContent = found.length === 1 ? box.dataset.titleOne : box.dataset.title.replace("0", found.length);
  box.querySelector("ul").replaceChildren(...lines);
  box.hidden = false;
  location.hash = review.id;
  box.focus();
}

/* --- the draft --- */

function filledIn() {
  const fields = [...form.querySelectorAll(".question input:checked, .question textarea")].filter((field) => field.value);
  return { fields: fields.map((field) => [field.name, field.value]), side: location.hash };
}

function fillIn(fields) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
  for (const field of questions.flatMap(fieldsOf).filter((each) => !touched.has(each.name))) {
    const values = given.get(field.name) ?? [];
    if (field.type === "textarea") field.value = values[0] ?? "";
    else field.checked = values.includes(field.value);
  }
}

async function keep() {
  recount();
  if (!draft) return;
  const content = filledIn();
  if (!content.fields.length) {
    draft.remove();
    draftIsThere(false);
    return;
  }
  const kept = await draft.write(content);
  tellOfDrafts(kept);
  draftIsThere(kept);
}

/** The sentence about drafts that is true in this browser. */
function tellOfDrafts(kept) {
  for (const line of form.querySelectorAll("[data-draft-kept]")) line.hidden = !kept;
  for (const line of form.querySelectorAll("[data-draft-not-kept]")) line.hidden = kept;
}

function draftIsThere(there) {
  form.querySelector("[data-draft-delete]").hidden = !there;
}

function offerToResume(side) {
  const box = form.querySelector("[data-resume]");
  if (!box) return;
  box.hidden = false;
  form.querySelector("[data-begin]").hidden = true;
  if (/^#(side-\d+|gennemsyn)$/.test(side) && document.querySelector(side)) box.querySelector("a").href = side;
}

function deleteDraft() {
  draft.remove();
  fillIn([]);
  for (const question of questions) showProblem(question);
  draftIsThere(false);
  form.querySelector("[data-draft-delete]").open = false;
  const box = form.querySelector("[data-resume]");
  if (box) {
    box.hidden = true;
    form.querySelector("[data-begin]").hidden = false;
  }
  location.hash = form.querySelector(".first").id;
  form.querySelector("[data-draft-deleted]").hidden = false;
  recount();
}

async function openDraft() {
  const { token, draftKey, draftDays, closes } = form.dataset;
  const found = await Draft.open(token, draftKey, Number(draftDays), closes);
  tellOfDrafts(Boolean(found));
  if (!found) return;
  const before = await found.read();
  draft = found;
  draft.endWhenRemovedElsewhere();
  form.setAttribute("autocomplete", "off"); // the browser's own memory of the form is not locked; the draft is
  if ("sent" in form.dataset) await keep(); // what came back from the server is newer
  else if (before) {
    fillIn(before.fields);
    draftIsThere(true);
    offerToResume(before.side);
  } else fillIn([]);
  if (touched.size) await keep();
  touched.clear();
}

/* --- what people do --- */

form.addEventListener("input", (event) => {
  const question = event.target.closest(".question");
  if (!draft) touched.add(event.target.name);
  if (question) showProblem(question);
  keep();
});
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault(); // Enter leads on, as people expect, and never sends
  [...event.target.closest(".side").querySelectorAll(".onwards .primary")].find((link) => link.checkVisibility())?.click();
});
form.addEventListener("submit", (event) => {
  const found = problems();
  if (!found.length) return;
  event.preventDefault();
  refuse(found);
});
for (const button of form.querySelectorAll("[data-clear]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const question of button.closest(".side").querySelectorAll(".question")) {
      for (const field of fieldsOf(question)) field.type === "textarea" ? (field.value = "") : (field.checked = false);
      showProblem(question);
    }
    keep();
  });
}
form.querySelector("[data-draft-delete] button").addEventListener("click", deleteDraft);
addEventListener("hashchange", () => {
  showSide();
  keep();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload(); // from the browser's memory: it may have been sent meanwhile
});

const ready = openDraft().finally(showSide);
