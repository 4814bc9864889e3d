import { once } from 'node:events';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A real local mail server that keeps the messages it receives. */
export class MailServer {
  readonly messages: ParsedMail[] = [];
  private free: Promise<void> = Promise.resolve();

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
  ) {}

  static async start(): Promise<MailServer> {
    let taken: (mail: ParsedMail) => Promise<void> = async () => {};
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData(stream, _session, done) {
        simpleParser(stream)
          .then((mail) => taken(mail))
          .then(() => done(), done);
      },
    });
    const listener = server.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (!address || typeof address === 'string') throw new Error('the mail server has no port');
    const mail = new MailServer(server, address.port);
    taken = async (message) => {
      await mail.free;
      mail.messages.push(message);
    };
    return mail;
  }

  /** Confirms no more messages until the returned function is called, like a busy server. */
  hold(): () => void {
    let release = () => {};
    this.free = new Promise((free) => {
      release = free;
    });
    return release;
  }

  /** Waits for the newest message to an address, and returns it. */
  async to(address: string, limit = 20_000): Promise<ParsedMail> {
    const deadline = Date.now() + limit;
    while (Date.now() < deadline) {
      const found = this.messages.findLast((message) => recipients(message).includes(address.toLowerCase()));
      if (found) return found;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`no message to ${address} came; ${this.messages.length} came to others`);
  }

  stop(): Promise<void> {
    return new Promise((done) => this.server.close(done));
  }
}

function recipients(message: ParsedMail): string[] {
  const to = message.to === undefined ? [] : Array.isArray(message.to) ? message.to : [message.to];
  return to.flatMap((field) => field.value).flatMap((entry) => entry.address?.toLowerCase() ?? []);
}

/** The first link in a message's text that leads to a path. */
export function linkIn(message: ParsedMail, path: string): string {
  const link = message.text?.match(/https?:\/\/\S+/g)?.find((url) => new URL(url).pathname.startsWith(path));
  if (!link) throw new Error(`the message has no link to ${path}:\n${message.text}`);
  return link;
}
