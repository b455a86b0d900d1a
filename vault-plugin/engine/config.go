package engine

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// config is the organisation, and the master: the client with which the engine makes others.
type config struct {
	// Org is the organisation's name in messages.
	Org      string `json:"org"`
	OrgID    string `json:"org_id"`
	Region   string `json:"region"`
	APIURL   string `json:"api_url,omitempty"`
	LoginURL string `json:"login_url,omitempty"`
	ClientID string `json:"client_id"`
	// ClientSecret is never shown.
	ClientSecret string `json:"client_secret"`
	MostClients  int    `json:"most_clients"`
	// AddressField is the field of a client that has the addresses from which it may call.
	AddressField string `json:"address_field,omitempty"`
	// Masters are the ids of this master and of all earlier ones: they made the engine's clients.
	Masters []string `json:"masters"`
	// Mount is the accessor of the mount, and Instance a random id: both mark the engine's clients.
	Mount    string `json:"mount"`
	Instance string `json:"instance"`
}

func (c *config) endpoints() platform.Endpoints {
	endpoints, _ := platform.EndpointsOf(c.Region)
	if c.APIURL != "" {
		endpoints.API = c.APIURL
	}
	if c.LoginURL != "" {
		endpoints.Login = c.LoginURL
	}
	return endpoints
}

// problems returns all that is wrong with the configuration.
func (c *config) problems() []string {
	var problems []string
	for field, value := range map[string]string{
		"org_id": c.OrgID, "region": c.Region, "client_id": c.ClientID, "client_secret": c.ClientSecret,
	} {
		if value == "" {
			problems = append(problems, field+" is missing")
		}
	}
	if _, ok := platform.EndpointsOf(c.Region); !ok && c.Region != "" {
		problems = append(problems, fmt.Sprintf("region %q is not valid: use one of %s", c.Region, strings.Join(platform.Regions(), ", ")))
	}
	for field, value := range map[string]string{"api_url": c.APIURL, "login_url": c.LoginURL} {
		if value != "" && !isSafeURL(value) {
			problems = append(problems, fmt.Sprintf("%s %q is not valid: use https://<host>, without a path", field, value))
		}
	}
	if c.MostClients < 1 {
		problems = append(problems, fmt.Sprintf("most_clients %d is not valid: use 1 or more", c.MostClients))
	}
	slices.Sort(problems)
	return problems
}

// isSafeURL says whether a secret may be sent to an address: over TLS, or within this machine.
func isSafeURL(text string) bool {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || parsed.Path != "" || parsed.RawQuery != "" || parsed.User != nil {
		return false
	}
	host := parsed.Hostname()
	return parsed.Scheme == "https" || parsed.Scheme == "http" && (host == "127.0.0.1" || host == "::1" || host == "localhost")
}

// loadConfig reads the configuration. It is an error if there is none.
func loadConfig(ctx context.Context, s logical.Storage) (*config, error) {
	cfg, err := load[config](ctx, s, configKey)
	if err == nil && cfg == nil {
		err = refuse("this mount has no organisation yet: write its config first")
	}
	return cfg, err
}

// connection is the API as the master sees it: kept, since it has a token and knows how many calls were
// made.
type connection struct {
	mu     sync.Mutex
	api    *platform.API
	of     string
	logins *platform.Limiter
}

func (c *connection) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.api = nil
}

// api returns the API as the master sees it.
func (b *backend) api(cfg *config) *platform.API {
	logins := b.loginSender(cfg)
	c := &b.connected
	c.mu.Lock()
	defer c.mu.Unlock()
	of := strings.Join([]string{cfg.ClientID, cfg.ClientSecret, cfg.endpoints().API, cfg.endpoints().Login}, " ")
	if c.api == nil || c.of != of {
		c.api, c.of = platform.New(b.sender(cfg.endpoints().API), logins, cfg.endpoints(), platform.Credential{
			ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret,
		}), of
	}
	return c.api
}

// sender sends the calls of one token, which has a limit of its own.
func (b *backend) sender(url string) *platform.Sender {
	return b.limited(url, platform.NewLimiter(b.clock))
}

// loginSender sends logins; all of them share one limit.
func (b *backend) loginSender(cfg *config) *platform.Sender {
	c := &b.connected
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.logins == nil {
		c.logins = platform.NewLimiter(b.clock)
	}
	return b.limited(cfg.endpoints().Login, c.logins)
}

// limited sends calls of one address, whose callers share a breaker.
func (b *backend) limited(url string, limiter *platform.Limiter) *platform.Sender {
	breaker, _ := b.breakers.LoadOrStore(url, platform.NewBreaker(b.clock))
	return &platform.Sender{HTTP: b.http, Clock: b.clock, Limiter: limiter, Breaker: breaker.(*platform.Breaker)}
}
