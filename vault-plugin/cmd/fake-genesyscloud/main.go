// Command fake-genesyscloud serves a Genesys Cloud organisation for tests over HTTP, on loopback only. It
// prints its address and its first client, and ends with its standard input.
package main

import (
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

func main() {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	clock := fake.NewClock()
	clock.Advance(time.Since(clock.Now()))
	go func() {
		for range time.Tick(time.Second) {
			clock.Advance(time.Since(clock.Now()))
		}
	}()
	org := fake.NewOrg(clock)
	role := "aaaaaaaa-0000-4000-8000-000000000001"
	master := org.Add("master", "", fake.Grant(role, "*"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]string{
		"address": "http://" + listener.Addr().String(), "orgId": org.ID, "roleId": role,
		"clientId": master.ID, "clientSecret": master.Secret,
	})
	mux := http.NewServeMux()
	mux.Handle("/", org)
	// What a test looks at: the clients as the organisation has them.
	mux.HandleFunc("/fake/clients", func(w http.ResponseWriter, _ *http.Request) {
		states := map[string]string{}
		for _, client := range org.Clients() {
			states[client.ID] = client.State()
		}
		_ = json.NewEncoder(w).Encode(states)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.Serve(listener))
}
