/** Whether a client gets its tokens with its own secret. Older answers have an underscore. */
export const isClientCredentials = (client: { readonly authorizedGrantType?: unknown }): boolean =>
  /^client.credentials$/i.test(String(client.authorizedGrantType));
