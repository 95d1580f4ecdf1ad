// Command lambda is the consumer as a function of AWS Lambda.
package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/aws/aws-lambda-go/lambda"

	"example.com/messaging/internal/handler"
	"example.com/messaging/internal/logs"
	"example.com/messaging/internal/messaging"
	"example.com/messaging/internal/settings"
)

func main() {
	slog.SetDefault(logs.New(os.Stderr))
	consumer, err := start()
	if err != nil {
		slog.Error("ended with an error", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(consumer.HandleBatch)
}

// Once for all batches that this copy of the function gets.
func start() (*messaging.Consumer, error) {
	s, err := settings.Load(filepath.Join(os.Getenv("LAMBDA_TASK_ROOT"), settings.File), deployed)
	if err != nil {
		return nil, err
	}
	return messaging.NewConsumer(context.Background(), s, handler.Handle)
}

// A function is always deployed.
func deployed(name string) (string, bool) {
	value, isGiven := os.LookupEnv(name)
	if name == "DEPLOYED" && !isGiven {
		return "true", true
	}
	return value, isGiven
}
