package engine

import (
	"context"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

const credsType = "genesyscloud_client"

var credsFields = map[string]*framework.FieldSchema{
	"client_id":     {Type: framework.TypeString, Description: "Id of the client."},
	"client_secret": {Type: framework.TypeString, Description: "Secret of the client.", DisplayAttrs: &framework.DisplayAttributes{Sensitive: true}},
	"region":        {Type: framework.TypeString, Description: "AWS name of the organisation's region."},
	"api_url":       {Type: framework.TypeString, Description: "Base URL of the Platform API."},
	"login_url":     {Type: framework.TypeString, Description: "Base URL of the login."},
	"org_id":        {Type: framework.TypeString, Description: "Id of the organisation."},
}

func (b *backend) credsPath() *framework.Path {
	return &framework.Path{
		Pattern: "creds/" + framework.GenericNameRegex("name"), DisplayAttrs: display("", ""),
		Fields:          map[string]*framework.FieldSchema{"name": nameField("role")},
		HelpSynopsis:    "A client of its own for the lease.",
		HelpDescription: "The role must allow it. The client is made and proven before it is handed out, and removed when the lease ends. The first lease lasts no longer than first_ttl: renew it.",
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.ReadOperation: &framework.PathOperation{
				Callback: b.readCreds, Summary: "Make a client for a lease.", DisplayAttrs: display("generate", "credentials"),
				ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
				Responses: map[int][]framework.Response{200: {{Description: "OK", Fields: credsFields}}},
			},
		},
	}
}

func (b *backend) readCreds(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	name := data.Get("name").(string)
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return answer(nil, err)
	}
	wanted, err := roleFor(ctx, req.Storage, cfg, name)
	if err != nil {
		return answer(nil, err)
	}
	if !wanted.AllowCreds {
		return answer(nil, refuse("org %s: the role %s hands out no clients: read token/%s, or set allow_creds in the role", cfg.Org, name, name))
	}
	done, err := b.admit(ctx, req.Storage, cfg, name, wanted.MostLeases)
	if err != nil {
		return answer(nil, err)
	}
	defer done()
	made, credential, err := b.make(ctx, req.Storage, cfg, wish{
		kind: forLease, role: name, grants: wanted.grants(), tokenSeconds: int(wanted.TokenLifetime.Seconds()),
		further: wanted.addresses(cfg), atOnce: wanted.DeleteAtOnce,
	})
	if err != nil {
		return answer(nil, err)
	}
	ttl := wanted.firstTTL(b.System())
	made.Issued, made.Ends = true, made.Made.Add(ttl)
	if err := store(ctx, req.Storage, made.path(), made); err != nil {
		b.dispose(ctx, req.Storage, cfg, made)
		return nil, err
	}
	endpoints := cfg.endpoints()
	response := b.Secret(credsType).Response(map[string]any{
		"client_id": credential.ClientID, "client_secret": credential.ClientSecret, "region": cfg.Region,
		"api_url": endpoints.API, "login_url": endpoints.Login, "org_id": cfg.OrgID,
	}, map[string]any{"key": made.Key, "role": name, "client_id": made.ID})
	response.Secret.TTL, response.Secret.MaxTTL, response.Secret.Renewable = ttl, wanted.mostTTL(b.System()), true
	return response, nil
}

// admit refuses a lease above the role's limit. Requests at the same time count as well.
func (b *backend) admit(ctx context.Context, s logical.Storage, cfg *config, name string, most int) (func(), error) {
	b.admitting.mu.Lock()
	defer b.admitting.mu.Unlock()
	leased, err := leasesOf(ctx, s, name, &b.making)
	if err != nil {
		return nil, err
	}
	// One that was just made may count twice for a moment, which is on the safe side.
	if count := leased + b.admitting.count[name]; count >= most {
		return nil, refuse("org %s: the role %s has %d leased clients, and most_leases is %d: revoke leases, or raise most_leases in the role", cfg.Org, name, count, most)
	}
	return b.admitting.enter(name), nil
}
