package engine

import (
	"context"
	"fmt"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/helper/locksutil"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

func (b *backend) credsSecret() *framework.Secret {
	return &framework.Secret{Type: credsType, Fields: credsFields, Renew: b.renewCreds, Revoke: b.revokeCreds}
}

// leaseOf returns what a lease says about its client.
func leaseOf(req *logical.Request) (key, role, clientID string, err error) {
	text := func(name string) string {
		value, _ := req.Secret.InternalData[name].(string)
		return value
	}
	key, role, clientID = text("key"), text("role"), text("client_id")
	if key == "" || role == "" || clientID == "" {
		err = fmt.Errorf("the lease does not name its client: revoke it with -force, and look for the client in Genesys Cloud")
	}
	return key, role, clientID, err
}

func (b *backend) renewCreds(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
	key, name, clientID, err := leaseOf(req)
	if err != nil {
		return nil, err
	}
	wanted, err := loadRole(ctx, req.Storage, name)
	if err != nil {
		return answer(nil, err)
	}
	lock := locksutil.LockForKey(b.records, key)
	lock.Lock()
	defer lock.Unlock()
	found, err := findRecord(ctx, req.Storage, name, key)
	if err != nil {
		return nil, err
	}
	if found == nil || found.Retired {
		return answer(nil, refuse("the client %s of role %s was removed, so its lease cannot be renewed: ask for another one", clientID, name))
	}
	ttl, most := wanted.ttl(b.System()), wanted.mostTTL(b.System())
	// As Vault does with the answer: from now, for as long as the request says, also if that is shorter.
	granted, _, err := framework.CalculateTTL(b.System(), req.Secret.Increment, ttl, 0, most, 0, req.Secret.IssueTime)
	if err != nil {
		return nil, err
	}
	found.Ends = b.clock.Now().Add(granted)
	if err := store(ctx, req.Storage, found.path(), found); err != nil {
		return nil, err
	}
	response := &logical.Response{Secret: req.Secret}
	response.Secret.TTL, response.Secret.MaxTTL = ttl, most
	return response, nil
}

// revokeCreds ends a client. What is left of its end, tidy does.
func (b *backend) revokeCreds(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
	key, name, clientID, err := leaseOf(req)
	if err != nil {
		return nil, err
	}
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return nil, err
	}
	lock := locksutil.LockForKey(b.records, key)
	lock.Lock()
	defer lock.Unlock()
	found, err := findRecord(ctx, req.Storage, name, key)
	if err != nil {
		return nil, err
	}
	if found == nil {
		found, err = b.withoutRecord(ctx, cfg, key, name, clientID)
		if err != nil || found == nil {
			return nil, err
		}
	}
	return nil, b.nextStep(ctx, req.Storage, cfg, found)
}

// withoutRecord returns a record for a lease that has none: its client is gone, or the storage is older
// than the lease. Then the client must have the engine's mark.
func (b *backend) withoutRecord(ctx context.Context, cfg *config, key, name, clientID string) (*record, error) {
	client, err := b.api(cfg).Client(ctx, clientID)
	if err != nil || client == nil {
		return nil, inOrg(cfg, err)
	}
	if client.Name != nameOf(name, key) || client.Description != markOf(cfg, name, key) {
		b.Logger().Warn("a lease names a client that has no mark of this engine: it is left alone", "org", cfg.Org, "client", clientID)
		return nil, nil
	}
	return &record{
		Key: key, ID: clientID, Name: client.Name, Role: name, Made: b.clock.Now(), Issued: true,
		TokenSeconds: max(client.TokenSeconds, int(platform.LongestToken.Seconds())),
	}, nil
}
