// What the YAML files hold.

export interface Client {
  name: string;
  description: string;
  permissions: { domain: string; entity: string; actions: string[] }[];
  divisions?: string[];
  accessTokenValiditySeconds?: number;
  classification?: { sensitivity?: string; rotationDays?: number; owner?: string };
  consumers: string[];
}

export interface Org {
  name: string;
  environment: string;
  organizationId: string;
  genesysRegion: string;
  state: { home: string };
  vault: { address: string; auth: { method: string } };
  aws: { account: string; region: string; deployRole: string; planRole: string };
  owner: string;
  oauthClients: Client[];
}

export interface Home {
  name: string;
  bucket: string;
  account: string;
  region: string;
}
