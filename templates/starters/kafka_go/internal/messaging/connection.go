package messaging

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/aws"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"example.com/messaging/internal/settings"
)

const maxRequestBytes = 100 << 20 // as brokers and this client have it

// Every client of this project connects in the same way. Secrets come from the environment, never from settings.json.
func connect(ctx context.Context, s settings.Settings, more ...kgo.Opt) (*kgo.Client, error) {
	compression := kgo.NoCompression()
	if s.CompressionType == "gzip" {
		compression = kgo.GzipCompression()
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(s.BootstrapServers, ",")...),
		kgo.ProducerBatchCompression(compression),
		kgo.ProducerBatchMaxBytes(s.MaxRecordBytes),
		kgo.BrokerMaxWriteBytes(max(maxRequestBytes, s.DeadLetterMaxRecordBytes)),
		kgo.BrokerMaxReadBytes(max(maxRequestBytes, s.DeadLetterMaxRecordBytes)),
		kgo.WithLogger(warnings{}),
	}
	if strings.HasSuffix(s.SecurityProtocol, "SSL") {
		secure, err := tlsConfig()
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.DialTLSConfig(secure))
	}
	if s.SASLMechanism != nil {
		mechanism, err := signIn(ctx, *s.SASLMechanism)
		if err != nil {
			return nil, err
		}
		options = append(options, kgo.SASL(mechanism))
	}
	return kgo.NewClient(append(options, more...)...)
}

func tlsConfig() (*tls.Config, error) {
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	authorities, errCA := readPEM("SSL_CAFILE")
	certificate, errCertificate := readPEM("SSL_CERTFILE")
	key, errKey := readPEM("SSL_KEYFILE")
	if err := errors.Join(errCA, errCertificate, errKey); err != nil {
		return nil, err
	}
	if authorities != nil {
		secure.RootCAs = x509.NewCertPool()
		if !secure.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("SSL_CAFILE: no certificate in %s", os.Getenv("SSL_CAFILE"))
		}
	}
	if (certificate == nil) != (key == nil) {
		return nil, errors.New("SSL_CERTFILE and SSL_KEYFILE go together: set both, or neither")
	}
	if certificate != nil {
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			return nil, fmt.Errorf("SSL_CERTFILE, SSL_KEYFILE: %w", err)
		}
		secure.Certificates = []tls.Certificate{pair}
	}
	return secure, nil
}

// Nil where the variable names no file.
func readPEM(name string) ([]byte, error) {
	file := os.Getenv(name)
	if file == "" {
		return nil, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %s cannot be used (%w); name PEM files that this process may read", name, file, err)
	}
	return content, nil
}

func signIn(ctx context.Context, mechanism string) (sasl.Mechanism, error) {
	user, password := os.Getenv("SASL_USERNAME"), os.Getenv("SASL_PASSWORD")
	if mechanism != "AWS_MSK_IAM" && (user == "" || password == "") {
		return nil, fmt.Errorf("%s needs SASL_USERNAME and SASL_PASSWORD in the environment", mechanism)
	}
	switch mechanism {
	case "PLAIN":
		return plain.Auth{User: user, Pass: password}.AsMechanism(), nil
	case "SCRAM-SHA-512":
		return scram.Auth{User: user, Pass: password}.AsSha512Mechanism(), nil
	}
	// AWS_MSK_IAM: the machine's AWS credentials, fetched anew for each connection, as they expire.
	machine, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	return aws.ManagedStreamingIAM(func(ctx context.Context) (aws.Auth, error) {
		found, err := machine.Credentials.Retrieve(ctx)
		return aws.Auth{
			AccessKey:    found.AccessKeyID,
			SecretKey:    found.SecretAccessKey,
			SessionToken: found.SessionToken,
		}, err
	}), nil
}

// What the client has to complain of, among it background commits that failed.
type warnings struct{}

func (warnings) Level() kgo.LogLevel { return kgo.LogLevelWarn }

func (warnings) Log(level kgo.LogLevel, message string, fields ...any) {
	if level == kgo.LogLevelError {
		slog.Error(message, fields...)
		return
	}
	slog.Warn(message, fields...)
}
