// A real provider of identities on this machine: whoever names themselves is believed.

import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const GROUPS = { 4419: ['fcr-dispatchers'], 4420: ['canteen'] };

/** The running provider: its issuer, and how to end it. */
export async function startProvider({ port, callbox, secret }) {
    // Another name for this machine, so that the browser takes it for another site.
    const issuer = `http://localhost:${port}`;
    const provider = new Provider(issuer, {
        clients: [
            {
                client_id: 'callbox',
                client_secret: secret,
                redirect_uris: [`${callbox}/sign-on/return`],
                post_logout_redirect_uris: [`${callbox}/sign-on`],
            },
        ],
        claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'] },
        conformIdTokenClaims: false,
        cookies: { keys: ['a key for a test'] },
        findAccount: (_, id) => ({
            accountId: id,
            claims: () => ({
                sub: id,
                name: `Ruth Adeyemi ${id}`,
                preferred_username: id,
                groups: GROUPS[id] ?? [],
            }),
        }),
    });
    const server = createServer(provider.callback());
    await new Promise((resolve) => server.listen(port, 'localhost', resolve));
    const stop = () =>
        new Promise((resolve) => {
            server.closeAllConnections();
            server.close(resolve);
        });
    return { issuer, stop };
}
