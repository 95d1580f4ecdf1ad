// Parses papers given as a JSON list of {kind, text} on stdin; prints for each the list of its faults.
import { Parser } from "@asyncapi/parser";
import { JSDOM } from "jsdom";

const { window } = new JSDOM(""); // Mermaid cleans labels with a DOM, though it only parses here
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
const parser = new Parser();

const checks = {
  async asyncapi(text) {
    const diagnostics = await parser.validate(text);
    // Severity 0 is an error and 1 a warning; 2 and 3 remark that a newer version of AsyncAPI exists, and the like.
    return diagnostics.filter((each) => each.severity < 2).map((each) => `${each.path.join(".")}: ${each.message}`);
  },
  async mermaid(text) {
    return mermaid.parse(text).then(() => [], (error) => [error.message]);
  },
};

let input = "";
for await (const chunk of process.stdin) input += chunk;
const faults = [];
for (const { kind, text } of JSON.parse(input)) faults.push(await checks[kind](text));
console.log(JSON.stringify(faults));
