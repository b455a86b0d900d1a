package engine

import (
	"context"
	"time"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

const (
	// Until then, all of Genesys Cloud knows a new client, or a change to one.
	propagation   = 60 * time.Second
	askAgainAfter = 5 * time.Second
)

// verifyMaster checks that the configured client works, and belongs to the configured organisation.
func (b *backend) verifyMaster(ctx context.Context, cfg *config) error {
	api := b.clientAPI(cfg, platform.Credential{ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret})
	id, err := api.OrganizationID(ctx)
	if platform.IsUnknownClient(err) {
		return refuse("org %s: the login does not accept client_id %s with its client_secret (%s): check both, and that the region is %s", cfg.Org, cfg.ClientID, err, cfg.Region)
	}
	if err != nil {
		return inOrg(cfg, err)
	}
	if id != cfg.OrgID {
		return refuse("org %s: client_id %s belongs to the organisation %s, but org_id is %s: nothing was stored", cfg.Org, cfg.ClientID, id, cfg.OrgID)
	}
	owner, err := api.TokenOwner(ctx)
	if err != nil {
		return inOrg(cfg, err)
	}
	return belongs(cfg, cfg.ClientID, owner)
}

// prove checks that a new client works, and belongs to the organisation. Genesys Cloud may not know it
// everywhere at once, so it asks again for a while.
func (b *backend) prove(ctx context.Context, cfg *config, credential platform.Credential) error {
	api := b.clientAPI(cfg, credential)
	for started := b.clock.Now(); ; {
		owner, err := api.TokenOwner(ctx)
		if err == nil {
			return belongs(cfg, credential.ClientID, owner)
		}
		late := b.clock.Now().Sub(started) >= propagation
		if late || !platform.IsUnknownClient(err) || b.clock.Sleep(ctx, askAgainAfter) != nil {
			return inOrg(cfg, err)
		}
	}
}

func belongs(cfg *config, clientID string, owner platform.Owner) error {
	if owner.ClientID == clientID && owner.OrgID == cfg.OrgID {
		return nil
	}
	return refuse("org %s: the token belongs to client %s in organisation %s but must belong to client %s in organisation %s",
		cfg.Org, owner.ClientID, owner.OrgID, clientID, cfg.OrgID)
}

// clientAPI returns the API as any client sees it.
func (b *backend) clientAPI(cfg *config, credential platform.Credential) *platform.API {
	return platform.New(b.sender(cfg.endpoints().API), b.loginSender(cfg), cfg.endpoints(), credential)
}
