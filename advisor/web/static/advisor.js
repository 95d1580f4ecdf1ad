// What a browser with JavaScript gets on top: a live result beside the form, one shortcut, copy buttons, private links.
// Every page works without this file to the last step.

const PAUSE_MS = 600; // announce on a pause, not on each key
const RESULT = "/recommendation";
const PRIVATE = "/private";

function answersOf(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URLSearchParams(pairs).toString();
}

function showLive(form, place) {
  let waiting;
  let asking;
  let shown = answersOf(form);
  async function ask() {
    const query = answersOf(form);
    if (query === shown) return;
    shown = query;
    if (isPrivate()) keepAfterHash(query);
    else keepInAddress(query);
    asking?.abort();
    asking = new AbortController();
    place.setAttribute("aria-busy", "true");
    try {
      const advice = await askFor(form.dataset.live, query, { signal: asking.signal });
      const before = topOf(place.parentElement);
      place.innerHTML = advice;
      if (isPrivate()) hideAnswers(place);
      sayNews(form, place);
      echo(form, place);
      uncover(before, topOf(place.parentElement));
    } catch (error) {
      if (error.name === "AbortError") return;
      place.textContent = "The live result is out of reach; your answers are kept, and the next one asks again.";
      sayNews(form, place);
    }
    place.removeAttribute("aria-busy");
  }
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  });
  addEventListener("pageshow", ask); // going back fills the fields after this has run, and tells no field of it
  if (shown) {
    shown = "";
    ask();
  }
}

// Read out is the headline, or what is wrong, and only a new one; costs and flips can be looked up beside the form.
function sayNews(form, place) {
  const said = form.querySelector("[role=status]");
  const news = (place.querySelector("[data-said]") ?? place).textContent;
  if (said.textContent !== news) said.textContent = news;
}

// The field that is being answered stays in sight, with how it was read, when the advice grows over it (WCAG 2.4.11).
function uncover(before, now) {
  const asked = document.activeElement;
  const field = asked.closest("div.field") ?? asked;
  const [seen, whole] = [asked, field].map((each) => each.getBoundingClientRect().bottom);
  if (now < before && seen <= before && whole > now) field.scrollIntoView({ block: "nearest" });
}

function topOf(part) {
  return part.getBoundingClientRect().top;
}

// How each quantity was read, and what is taken where one is missing, goes to its field.
function echo(form, place) {
  for (const line of form.querySelectorAll(".understood")) line.textContent = "";
  for (const said of place.querySelectorAll("[data-echo]")) {
    document.getElementById(said.dataset.echo).replaceChildren(...said.childNodes);
    said.remove();
  }
}

function addCopyButton(block) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "copy" });
  const word = Object.assign(document.createElement("span"), { textContent: "Copy" });
  const what = Object.assign(document.createElement("span"), { className: "hidden" });
  what.textContent = ` ${block.getAttribute("aria-label") ?? "this address"}`;
  const said = Object.assign(document.createElement("span"), { className: "hidden" }); // a new name is not read out
  said.setAttribute("role", "status");
  button.append(word, what);
  button.addEventListener("click", async () => {
    const copying = navigator.clipboard.writeText(block.textContent.trim());
    word.textContent = said.textContent = await copying.then(() => "Copied", () => "Not copied");
    setTimeout(() => {
      word.textContent = "Copy";
      said.textContent = "";
    }, 2000);
  });
  block.after(button, said);
}

// Ctrl + Enter takes the step that a page is there for; the mark shows which one that is.
function takeMainStep(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const step = document.querySelector("[data-main]");
  if (!step) return;
  event.preventDefault();
  step.click();
}

// The part of an address after # never leaves the browser on its own; only this request carries it, as a body.
async function openPrivate(main) {
  const answers = location.hash.slice(1);
  if (!answers) return;
  main.setAttribute("aria-busy", "true");
  say(main, "status", "The answer is on its way.");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(answers) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceWith(document.adoptNode(page.querySelector("main"))); // bad answers have one too; throws without
    document.querySelector("header.site").replaceWith(document.adoptNode(page.querySelector("header.site")));
    document.title = page.title;
  } catch {
    main.removeAttribute("aria-busy");
    say(main, "alert", "The answer is out of reach. Load this page again to retry; the address keeps the answers.");
    return;
  }
  enhance();
}

// Instead of the page for no answers: its figures and project are not the asker's, and its form would show the answers.
function say(main, role, text) {
  const said = Object.assign(document.createElement("p"), { textContent: text });
  said.setAttribute("role", role);
  said.classList.toggle("problem", role === "alert");
  main.replaceChildren(main.querySelector("h1"), said);
}

function isPrivate() {
  return document.querySelector("main[data-hidden]") !== null;
}

// A posted page asks for its answers again by itself: else going back to it would end in “Confirm form resubmission”.
// A private link has them there already, and is loaded again when they change.
function keepAfterHash(answers) {
  if (location.pathname !== PRIVATE) history.replaceState(null, "", `#${answers}`);
}

// Loaded again, the form has what was typed; and its address can be passed on.
function keepInAddress(answers) {
  history.replaceState(null, "", location.pathname + (answers && `?${answers}`) + location.hash);
  for (const link of document.querySelectorAll("[data-carries]")) link.search = answers;
}

// What stands at an address, as text. A refusal on the way there (429, 500) is no such text, and throws.
async function askFor(path, query, more) {
  const answer = isPrivate()
    ? await fetch(path, { method: "POST", body: new URLSearchParams(query), ...more })
    : await fetch(`${path}?${query}`, more);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.text();
}

// What was come to from a private link goes on like that: its links and forms post the answers, or keep them after #.
function hideAnswers(part) {
  for (const link of part.querySelectorAll("a[href*='?']")) {
    const { origin, pathname, search, hash } = new URL(link.href);
    if (origin !== location.origin) continue;
    link.href = pathname === RESULT ? `${PRIVATE}#${search.slice(1)}` : pathname + hash;
    if (pathname === RESULT) continue;
    const follow = (event) => {
      if (event.button > 1) return;
      event.preventDefault();
      post(link.href, search, event.button || event.ctrlKey || event.metaKey || event.shiftKey ? "_blank" : "");
    };
    link.addEventListener("click", follow);
    link.addEventListener("auxclick", follow);
  }
  for (const link of part.querySelectorAll("a[href^='#']")) link.addEventListener("click", scrollTo);
  for (const form of part.querySelectorAll("form")) {
    form.method = "post";
    form.addEventListener("submit", (event) => {
      const onward = event.submitter?.getAttribute("formaction");
      if ((onward ?? form.getAttribute("action")) !== RESULT) return;
      event.preventDefault();
      if (!onward) keepAfterHash(answersOf(form)); // else it is a walk, whose address has what was skipped
      location.assign(`${PRIVATE}#${answersOf(form)}`);
    });
  }
  for (const picture of part.querySelectorAll("img[data-src]")) showPicture(picture);
}

// To a place on this page, without taking the answers out of the address.
function scrollTo(event) {
  const place = document.getElementById(event.currentTarget.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  for (let around = place.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  place.scrollIntoView();
  place.focus();
}

function post(address, query, target) {
  const form = document.createElement("form");
  Object.assign(form, { action: address, method: "post", target });
  for (const [name, value] of new URLSearchParams(query)) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

async function showPicture(picture) {
  const { pathname, search } = new URL(picture.dataset.src, location.href);
  let drawn;
  try {
    drawn = await askFor(pathname, search);
  } catch {
    return; // its words stand in its place
  }
  picture.loading = "eager"; // it is here already
  picture.src = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

// A private link that is pasted to be compared stays private.
function compare(form) {
  form.addEventListener("submit", () => {
    if ([...new FormData(form).values()].some((link) => link.includes(`${PRIVATE}#`))) form.method = "post";
  });
}

function enhance() {
  if (isPrivate()) hideAnswers(document);
  for (const block of document.querySelectorAll("main pre, .share a")) {
    if (navigator.clipboard) addCopyButton(block);
  }
  for (const form of document.querySelectorAll("form.links")) compare(form);
  const form = document.querySelector("form[data-live]");
  if (form) showLive(form, document.querySelector("#live"));
  for (const hint of document.querySelectorAll(".with-script")) hint.hidden = false;
  document.querySelector("[data-main]")?.classList.add("main-step");
  document.querySelector("#problems")?.focus();
}

document.addEventListener("keydown", takeMainStep);
const main = document.querySelector("main");
if (main.matches("[data-private]")) addEventListener("hashchange", () => location.reload());
if (location.hash.includes("=")) openPrivate(main);
else enhance();
if (main.dataset.hidden) addEventListener("load", () => keepAfterHash(main.dataset.hidden));
