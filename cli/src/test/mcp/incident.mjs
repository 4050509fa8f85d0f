// One incident, and what is too late for it then, by the official client of the Model Context Protocol. Writes what it saw as JSON.
//
//   node incident.mjs http URL TOKEN
//   node incident.mjs stdio COMMAND...
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The packages lie beside the build and not beside this file.
const packages = createRequire(join(process.env.MCP_TOOLS, 'package.json'));
const load = (name) => import(pathToFileURL(packages.resolve(`@modelcontextprotocol/sdk/${name}`)));
const { Client } = await load('client/index.js');

const [kind, ...rest] = process.argv.slice(2);

async function transport() {
  if (kind === 'http') {
    const { StreamableHTTPClientTransport } = await load('client/streamableHttp.js');
    const [url, token] = rest;
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  }
  const { StdioClientTransport } = await load('client/stdio.js');
  return new StdioClientTransport({ command: rest[0], args: rest.slice(1), env: process.env });
}

async function call(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  return result.isError ? { error: result.content[0].text } : result.structuredContent;
}

// The task once it neither runs nor is about to; one that waits for a person is left to them.
async function end(client, task) {
  for (;;) {
    const now = await call(client, 'read_recovery_task', { task });
    if (!['approved', 'running'].includes(now.state)) {
      return now;
    }
    await call(client, 'read_recovery_task', { task, wait: '5s' });
  }
}

const client = new Client({ name: 'jarvis', version: '1' });
await client.connect(await transport());
const { tools } = await client.listTools();
const health = await call(client, 'read_health', {});
const { incidents } = await call(client, 'explain_incident', {});
const [incident] = incidents;
const plan = (await call(client, 'read_recovery_task', { task: incident.task })).plan;
const approved = await call(client, 'approve_recovery', {
  task: incident.task,
  plan_digest: plan.digest,
  accept_data_loss: incident.accept_data_loss,
  comment: 'go',
  on_behalf_of: 'ann',
});
const ended = await end(client, incident.task);
const undo = await call(client, 'undo_recovery', { task: incident.task });
const cancelled = await call(client, 'cancel_recovery', {
  task: incident.task,
  plan_digest: plan.digest,
  comment: 'too late',
});
await client.close();
console.log(
  JSON.stringify({
    server: client.getServerVersion().name,
    tools: tools.map((tool) => tool.name),
    health,
    incident,
    plan,
    approved,
    ended,
    undo,
    cancelled,
  }),
);
