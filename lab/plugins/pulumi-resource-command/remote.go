package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"lab/plugins/provider"
)

func checkRemote(inputs provider.Props) []provider.Failure {
	connection, _ := inputs["connection"].(provider.Props)
	if _, has := connection["proxy"]; has {
		reason := "the lab's stand-in knows no proxy: connect to the host itself"
		return []provider.Failure{{Property: "connection", Reason: reason}}
	}
	return nil
}

func runThere(command string, inputs provider.Props, last said, operation provider.Operation) (said, error) {
	connection, _ := inputs["connection"].(provider.Props)
	client, err := dial(connection, operation)
	if err != nil {
		return said{}, err
	}
	defer client.Close()
	// With the connection ends what runs there, as far as its sshd does so.
	defer context.AfterFunc(operation.Context, func() { client.Close() })()

	session, err := client.NewSession()
	if err != nil {
		return said{}, err
	}
	defer session.Close()
	own := environment(inputs)
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if err := session.Setenv(name, own[name]); err != nil {
			return said{}, fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	for name, value := range previously(inputs, last) {
		// Not there where the server accepts no such variable.
		_ = session.Setenv(name, value)
	}
	session.Stdin = strings.NewReader(provider.Text(inputs, "stdin"))
	heard := listen(inputs, operation)
	session.Stdout, session.Stderr = &heard.stdout, &heard.stderr
	if err := session.Run(command); err != nil {
		return said{}, heard.failure(err, command)
	}
	return heard.said(), nil
}

// As in pulumi/pulumi, sdk/go/common/util/retry.
const (
	firstDelay = 100 * time.Millisecond
	backoff    = 1.5
	maxDelay   = 5 * time.Second
)

// dial tries until it works or has failed once more than dialErrorLimit, whatever the failure is.
func dial(connection provider.Props, operation provider.Operation) (*ssh.Client, error) {
	config, err := configOf(connection)
	if err != nil {
		return nil, err
	}
	port, limit := given(connection, "port", 22), given(connection, "dialErrorLimit", 10)
	address := net.JoinHostPort(provider.Text(connection, "host"), strconv.Itoa(port))
	shownLimit := strconv.Itoa(limit)
	if limit < 0 {
		shownLimit = "inf"
	}
	delay := firstDelay
	for failures := 1; ; failures++ {
		client, err := connect(operation.Context, address, config)
		if err == nil {
			return client, nil
		}
		if limit >= 0 && failures > limit {
			return nil, fmt.Errorf("after %d failed attempts: %w", limit, err)
		}
		operation.Log(fmt.Sprintf("Dial %d/%s failed: retrying", failures, shownLimit))
		select {
		case <-operation.Context.Done():
			return nil, operation.Context.Err()
		case <-time.After(delay):
		}
		delay = min(time.Duration(float64(delay)*backoff), maxDelay)
	}
}

// connect gives up after the time that a dial may take, its handshake included, or when nobody wants it any more.
func connect(wanted context.Context, address string, config *ssh.ClientConfig) (*ssh.Client, error) {
	dialer := net.Dialer{Timeout: config.Timeout}
	connection, err := dialer.DialContext(wanted, "tcp", address)
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(wanted, func() { connection.Close() })()
	if config.Timeout > 0 {
		connection.SetDeadline(time.Now().Add(config.Timeout))
	}
	session, channels, requests, err := ssh.NewClientConn(connection, address, config)
	if err != nil {
		connection.Close()
		return nil, err
	}
	connection.SetDeadline(time.Time{})
	return ssh.NewClient(session, channels, requests), nil
}

func configOf(connection provider.Props) (*ssh.ClientConfig, error) {
	config := &ssh.ClientConfig{
		User: "root",
		// Without a key any host is taken.
		HostKeyCallback: ssh.InsecureIgnoreHostKey(),
		Timeout:         time.Duration(given(connection, "perDialTimeout", 15)) * time.Second,
	}
	if user := provider.Text(connection, "user"); user != "" {
		config.User = user
	}
	if hostKey := provider.Text(connection, "hostKey"); hostKey != "" {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(hostKey))
		if err != nil {
			return nil, fmt.Errorf("failed to parse host key: %w", err)
		}
		config.HostKeyCallback = ssh.FixedHostKey(key)
		config.HostKeyAlgorithms = []string{key.Type()}
	}
	if privateKey := provider.Text(connection, "privateKey"); privateKey != "" {
		signer, err := signerOf(privateKey, provider.Text(connection, "privateKeyPassword"))
		if err != nil {
			return nil, err
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if password := provider.Text(connection, "password"); password != "" {
		// Some servers ask for it as a question.
		answer := func(_, _ string, questions []string, _ []bool) ([]string, error) {
			return slices.Repeat([]string{password}, len(questions)), nil
		}
		config.Auth = append(config.Auth, ssh.Password(password), ssh.KeyboardInteractive(answer))
	}
	socket := provider.Text(connection, "agentSocketPath")
	if socket == "" {
		socket = os.Getenv("SSH_AUTH_SOCK")
	}
	if socket != "" {
		agentConnection, err := net.Dial("unix", socket)
		if err != nil {
			return nil, err
		}
		config.Auth = append(config.Auth, ssh.PublicKeysCallback(agent.NewClient(agentConnection).Signers))
	}
	return config, nil
}

func signerOf(privateKey, password string) (ssh.Signer, error) {
	if password != "" {
		return ssh.ParsePrivateKeyWithPassphrase([]byte(privateKey), []byte(password))
	}
	return ssh.ParsePrivateKey([]byte(privateKey))
}

func given(props provider.Props, property string, otherwise int) int {
	if _, has := props[property].(float64); has {
		return provider.Number(props, property)
	}
	return otherwise
}
