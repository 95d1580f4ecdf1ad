/** How to reach the brokers. Secrets come from the environment, never from settings.json. */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { GenericError, type BaseOptions, type SASLOptions } from "@platformatic/kafka";
import type { Settings } from "./settings.js";

/** Something that the bridge needs is not there; the message says how to make it. */
export class MissingError extends Error {
  override name = "MissingError";
}

/** Options that every Kafka client of this project shares. */
export function connection(settings: Settings): BaseOptions {
  const first = firstBroker(settings);
  const encrypted = settings.security_protocol.endsWith("SSL");
  return {
    clientId: `${settings.bridge_group}-${hostname()}`,
    bootstrapBrokers: settings.bootstrap_servers.split(","),
    // Shared endpoints tell clusters apart by the name that is asked for; an address may not be asked for as a name.
    ...(encrypted && { tls: certificates(), tlsServerName: isIP(first.hostname) === 0 }),
    ...(settings.sasl_mechanism !== null && { sasl: sasl(settings.sasl_mechanism) }),
  };
}

export function firstBroker(settings: Settings): URL {
  return new URL(`kafka://${settings.bootstrap_servers.split(",")[0] ?? ""}`);
}

function certificates(): NonNullable<BaseOptions["tls"]> {
  const { SSL_CERTFILE: certificate, SSL_KEYFILE: key } = process.env;
  if (!certificate !== !key)
    throw new MissingError("SSL_CERTFILE and SSL_KEYFILE go together: set both, or neither");
  const named = { ca: "SSL_CAFILE", cert: "SSL_CERTFILE", key: "SSL_KEYFILE" };
  return Object.fromEntries(
    Object.entries(named).flatMap(([option, variable]) => {
      const file = process.env[variable];
      return file ? [[option, read(variable, file)]] : [];
    }),
  );
}

function read(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = `${variable}: ${file} cannot be used (${(error as NodeJS.ErrnoException).code})`;
    throw new MissingError(`${why}; name PEM files that this process may read`, { cause: error });
  }
}

function sasl(mechanism: NonNullable<Settings["sasl_mechanism"]>): SASLOptions {
  if (mechanism === "AWS_MSK_IAM") return { mechanism: "OAUTHBEARER", token: mskToken };
  const { SASL_USERNAME: username, SASL_PASSWORD: password } = process.env;
  if (!username || !password)
    throw new MissingError(`${mechanism} needs SASL_USERNAME and SASL_PASSWORD in the environment`);
  return { mechanism, username, password };
}

/** Signed with the AWS credentials of the machine, anew for each connection: a token lives 15 minutes. */
async function mskToken(): Promise<string> {
  const { generateAuthToken } = await import("aws-msk-iam-sasl-signer-js"); // heavy, and only wanted here
  const region = process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  if (!region) throw new Error("AWS_REGION: missing, and needed to sign for MSK");
  const { token } = await generateAuthToken({ region });
  return token;
}

/** Whether trying again can help: not against a refusal, nor a password that is wrong. */
export function mayPass(error: unknown): boolean {
  return isOfClient(error) && error.findBy("canRetry", false) === null && !isSignIn(error);
}

/** The broker does not know who we are. */
export function isSignIn(error: unknown): boolean {
  return isOfClient(error) && error.findBy("code", "PLT_KFK_AUTHENTICATION") !== null;
}

/** A record is compressed in a way that this client does not know: it cannot be read tomorrow either. */
export function isUnreadable(error: unknown): boolean {
  if (!isOfClient(error)) return false;
  const isUnknown = error.findBy("code", "PLT_KFK_UNSUPPORTED_COMPRESSION") !== null;
  return isUnknown || error.findBy("name", "RuntimeError") !== null; // snappy as JVM clients frame it fails in WebAssembly
}

/** One that comes from the cluster or the way to it; it may hold others, and findBy looks through all of them. */
export function isOfClient(
  error: unknown,
): error is Error & { findBy(property: string, value: unknown): unknown } {
  return error instanceof Error && GenericError.isGenericError(error);
}
