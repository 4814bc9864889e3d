import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The data the tests' server starts with: 'none' has no school and no administrator, as on the first day. */
export type School = 'demonstration' | 'empty' | 'none';

export interface Outcome {
  status: number;
  stdout: string;
  stderr: string;
}

const root = resolve(import.meta.dirname, '../..');
const program = process.env.GREENCAP_BIN ?? join(root, 'target/release/greencap');
/** How long starting may take, including creating a database. */
const START_LIMIT = 60_000;

/** A release build of Greencap with its own embedded database, and its commands. */
export class Greencap {
  readonly url: string;
  private server?: ChildProcess;
  private said = '';
  /** The worker that keeps the database running, if the server did not start its own. */
  private worker?: ChildProcess;

  private constructor(
    readonly folder: string,
    private readonly port: number,
    private readonly settings: Record<string, string>,
  ) {
    // By name, because passkeys need one.
    this.url = `http://localhost:${port}`;
  }

  /** Starts it. Mail goes to the local mail server on this port, or to the mailbox page if there is none. */
  static async start(school: School, smtpPort?: number): Promise<Greencap> {
    const folder = await mkdtemp(join(tmpdir(), 'greencap-end2end-'));
    const settings: Record<string, string> = smtpPort ? { GREENCAP_SMTP_URL: `smtp://127.0.0.1:${smtpPort}` } : {};
    const greencap = new Greencap(folder, await freePort(), settings);
    if (school === 'empty') await greencap.run('schools', 'add', 'QUILL', 'Quillmere School');
    if (school === 'none') await greencap.onADatabaseOfItsOwn();
    await greencap.serve();
    return greencap;
  }

  /**
   * A server that starts its own database loads the demonstration school, as a first try needs no setting. For one without
   * a school, as an operator starts it, a worker keeps the database and the server is told where it is.
   */
  private async onADatabaseOfItsOwn(): Promise<void> {
    this.settings.GREENCAP_PEPPER = '0f'.repeat(32);
    this.worker = spawn(program, ['worker'], { cwd: root, env: this.environment(), stdio: 'ignore' });
    const deadline = Date.now() + START_LIMIT;
    while (!(await this.sql('SELECT FROM organisations').then(() => true, () => false))) {
      if (Date.now() > deadline || this.worker.exitCode !== null) throw new Error('the worker has no database');
      await new Promise((wake) => setTimeout(wake, 100));
    }
    this.settings.DATABASE_URL = `postgres://greencap@localhost/greencap?host=${join(this.folder, 'data/postgres')}`;
  }

  /** Starts the server with its worker. */
  async serve(): Promise<void> {
    const server = spawn(program, ['serve'], { cwd: root, env: this.environment() });
    const keep = (text: Buffer) => (this.said += text.toString());
    server.stdout.on('data', keep);
    server.stderr.on('data', keep);
    this.server = server;
    const deadline = Date.now() + START_LIMIT;
    while (Date.now() < deadline && server.exitCode === null) {
      const answer = await fetch(`${this.url}/health`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error(`greencap did not start:\n${this.said}`);
  }

  /** Asks the server to stop, as Ctrl-C does; SIGKILL stops it without asking. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    await end(this.server, signal);
  }

  /** Stops it and deletes its files. */
  async remove(): Promise<void> {
    await this.stop();
    await end(this.worker, 'SIGINT');
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs a command beside the server; fails unless it succeeds. */
  async run(...args: string[]): Promise<Outcome> {
    const outcome = await this.attempt(...args);
    if (outcome.status !== 0) throw new Error(`greencap ${args.join(' ')} ended with ${outcome.status}:\n${outcome.stderr}`);
    return outcome;
  }

  /** Runs a command, whatever its exit status. */
  attempt(...args: string[]): Promise<Outcome> {
    return this.command(args);
  }

  /** Creates an administrator of all schools. */
  async administrator(username: string, email: string, password: string): Promise<void> {
    const who = ['--username', username, '--email', email, '--given', 'Petra', '--family', 'Lindqvist'];
    const made = await this.command(['create-admin', ...who], `${password}\n`);
    if (made.status !== 0) throw new Error(`no administrator was made:\n${made.stderr}`);
  }

  /** Runs a command that reads `typed` from its standard input. */
  private command(args: string[], typed = ''): Promise<Outcome> {
    return new Promise((done) => {
      const child = execFile(program, args, { cwd: root, env: this.environment() }, (error, stdout, stderr) =>
        done({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
      );
      child.stdin?.end(typed);
    });
  }

  /** Makes all open invitations expire. */
  async letInvitationsExpire(): Promise<void> {
    // Time alone changes no row. Here a row changes, and lists in memory have to hear of it as of any other change.
    await this.sql(
      `UPDATE invitations SET created_at = created_at - interval '30 days', first_at = first_at - interval '30 days', expires_at = expires_at - interval '30 days';
       INSERT INTO roll_changes (organisation_id) SELECT id FROM organisations`,
    );
  }

  /** Makes everyone's last step-up 15 minutes older. */
  async letProofsExpire(): Promise<void> {
    await this.sql("UPDATE sessions SET proven_at = proven_at - interval '15 minutes'");
  }

  /** Makes somebody on the roll the mother of a student, who sees the student's profile, and no student any more. */
  async makeMother(mother: string, child: string): Promise<void> {
    await this.sql(
      `WITH pair AS (
         SELECT m.organisation_id, m.person_id AS adult, c.person_id AS child FROM enrolments m, enrolments c
         WHERE m.admission_number = '${mother}' AND c.admission_number = '${child}'
       ), contact AS (
         INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, starts_on, created_at, updated_at)
         SELECT gen_random_uuid(), organisation_id, adult, child, 'mother', '2026-01-01', now(), now() FROM pair
       )
       INSERT INTO access_grants (id, organisation_id, adult_id, child_id, scope, ground, starts_on, created_at)
       SELECT gen_random_uuid(), organisation_id, adult, child, 'profile', 'parental_responsibility', '2026-01-01', now() FROM pair;
       DELETE FROM enrolments WHERE admission_number = '${mother}'`,
    );
  }

  /** The id of a student. */
  async idOf(number: string): Promise<string> {
    const ask = `SELECT person_id FROM enrolments WHERE admission_number = '${number}'`;
    return new Promise((done, failed) => {
      execFile('psql', [...this.database(), '-qAt', '-c', ask], (error, found) => (error ? failed(error) : done(found.trim())));
    });
  }

  /** Blocks others from creating usernames, like someone who is creating many, until it is released. */
  async lockUsernames(): Promise<{ release: () => Promise<void> }> {
    const session = spawn('psql', [...this.database(), '-qAt']);
    session.stdin.write("BEGIN;\nSELECT pg_advisory_xact_lock(hashtextextended('usernames ' || id::text, 0)) FROM organisations;\n\\echo locked\n");
    for await (const text of session.stdout) {
      if (String(text).includes('locked')) break;
    }
    return {
      release: async () => {
        const ended = once(session, 'exit');
        session.stdin.end();
        await ended;
      },
    };
  }

  /** The arguments with which psql finds the embedded database. */
  private database(): string[] {
    return ['-h', join(this.folder, 'data/postgres'), '-U', 'greencap', '-d', 'greencap', '-v', 'ON_ERROR_STOP=1'];
  }

  /** Runs SQL in the embedded database through its socket, for things that no page can do. */
  private sql(statement: string): Promise<void> {
    const reach = this.database();
    return new Promise((done, failed) => {
      execFile('psql', [...reach, '-c', statement], (error) => (error ? failed(error) : done()));
    });
  }

  /** The password of the demonstration school's staff. */
  async staffPassword(): Promise<string> {
    const text = await readFile(join(this.folder, 'data/demo-sign-in.txt'), 'utf8');
    const password = /Password for all of them: (\S+)/.exec(text)?.[1];
    if (!password) throw new Error('the demonstration school has no staff');
    return password;
  }

  /** The server's output so far. */
  get output(): string {
    return this.said;
  }

  private environment(): NodeJS.ProcessEnv {
    const { DATABASE_URL: _, ...inherited } = process.env;
    return {
      ...inherited,
      GREENCAP_DATA: join(this.folder, 'data'),
      GREENCAP_LISTEN: `127.0.0.1:${this.port}`,
      GREENCAP_BASE_URL: this.url,
      ...this.settings,
    };
  }
}

/** Asks a process to end, and waits until it has. */
async function end(started: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!started || started.exitCode !== null || started.signalCode !== null) return;
  const ended = once(started, 'exit');
  started.kill(signal);
  await ended;
}

/** Returns a port that is free at this moment. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (!address || typeof address === 'string') throw new Error('no port');
  return address.port;
}
