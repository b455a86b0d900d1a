// A Vault server for tests: Vault's own core and HTTP handler, with the engines that the tests need. It
// listens on loopback only, and ends with its standard input, so that it cannot outlive a test.
// Initialize and unseal it through its API. Vault is licensed under BUSL 1.1: this is never shipped.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sort"
	"time"

	hclog "github.com/hashicorp/go-hclog"
	jwt "github.com/hashicorp/vault-plugin-auth-jwt"
	kv "github.com/hashicorp/vault-plugin-secrets-kv"
	"github.com/hashicorp/vault/audit"
	"github.com/hashicorp/vault/builtin/credential/approle"
	awsauth "github.com/hashicorp/vault/builtin/credential/aws"
	"github.com/hashicorp/vault/command/server"
	vaulthttp "github.com/hashicorp/vault/http"
	"github.com/hashicorp/vault/internalshared/configutil"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical"
	"github.com/hashicorp/vault/sdk/physical/file"
	"github.com/hashicorp/vault/sdk/physical/inmem"
	"github.com/hashicorp/vault/vault"
	"github.com/hashicorp/vault/version"
)

func main() {
	storage := flag.String("storage", "", "folder of the storage; in memory without it")
	listen := flag.String("listen", "127.0.0.1:0", "address on loopback")
	certificate := flag.String("tls-cert", "", "PEM file; plain HTTP without it")
	key := flag.String("tls-key", "", "PEM file")
	plugins := flag.String("plugins", "", "folder of plugins that may be registered")
	rollback := flag.Duration("rollback-period", 0, "time between two runs of the rollback manager; Vault's own without it")
	flag.Parse()

	core, err := newCore(*storage, *plugins, *rollback)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		// Ends the plugins as well.
		core.Shutdown()
		os.Exit(0)
	}()
	listener, err := listenOnLoopback(*listen)
	if err != nil {
		log.Fatal(err)
	}
	handler := vaulthttp.Handler.Handler(&vault.HandlerProperties{
		Core:           core,
		ListenerConfig: &configutil.Listener{Address: listener.Addr().String()},
	})
	scheme := "http"
	if *certificate != "" {
		scheme = "https"
	}
	json.NewEncoder(os.Stdout).Encode(map[string]string{
		"address": scheme + "://" + listener.Addr().String(),
		"version": version.Version,
	})
	if *certificate != "" {
		log.Fatal(http.ServeTLS(listener, handler, *certificate, *key))
	}
	log.Fatal(http.Serve(listener, handler))
}

func listenOnLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return nil, fmt.Errorf("%s is not an address on loopback", address)
	}
	return net.Listen("tcp", address)
}

func newCore(storage, plugins string, rollback time.Duration) (*vault.Core, error) {
	logger := hclog.New(&hclog.LoggerOptions{Output: os.Stderr, Level: hclog.Warn})
	backend, err := openStorage(storage, logger)
	if err != nil {
		return nil, err
	}
	return vault.NewCore(&vault.CoreConfig{
		Physical:           backend,
		Logger:             logger,
		DisableMlock:       true,
		DefaultLeaseTTL:    24 * time.Hour,
		MaxLeaseTTL:        24 * time.Hour,
		PluginDirectory:    plugins,
		RollbackPeriod:     rollback,
		RawConfig:          &server.Config{SharedConfig: &configutil.SharedConfig{}},
		BuiltinRegistry:    builtins{},
		LogicalBackends:    engines,
		CredentialBackends: logins,
		AuditBackends:      map[string]audit.Factory{"file": audit.NewFileBackend},
	})
}

func openStorage(folder string, logger hclog.Logger) (physical.Backend, error) {
	if folder == "" {
		return inmem.NewInmem(nil, logger)
	}
	return file.NewFileBackend(map[string]string{"path": folder}, logger)
}

var engines = map[string]logical.Factory{"kv": kv.Factory}

var logins = map[string]logical.Factory{"approle": approle.Factory, "aws": awsauth.Factory, "jwt": jwt.Factory}

// builtins is the catalog of the engines and logins that are compiled in.
type builtins struct{}

func (builtins) of(kind consts.PluginType) map[string]logical.Factory {
	switch kind {
	case consts.PluginTypeSecrets:
		return engines
	case consts.PluginTypeCredential:
		return logins
	}
	return nil
}

func (b builtins) Contains(name string, kind consts.PluginType) bool {
	return b.of(kind)[name] != nil
}

func (b builtins) Get(name string, kind consts.PluginType) (func() (interface{}, error), bool) {
	factory, found := b.of(kind)[name]
	return func() (interface{}, error) { return factory, nil }, found
}

func (b builtins) Keys(kind consts.PluginType) []string {
	var names []string
	for name := range b.of(kind) {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (b builtins) DeprecationStatus(name string, kind consts.PluginType) (consts.DeprecationStatus, bool) {
	return consts.Supported, b.Contains(name, kind)
}

func (builtins) IsBuiltinEntPlugin(string, consts.PluginType) bool { return false }
