// Command tc is a whole Kubernetes control plane in one binary, for tests: the upstream components,
// a stand-in for kubelets, and a supervisor that starts them and ends with its parent.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: tc up|fakelet|etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl")
		os.Exit(2)
	}
	os.Args = os.Args[1:]
	var c *cobra.Command
	switch os.Args[0] {
	case "up":
		up(os.Args[1:])
		return
	case "fakelet":
		fakelet(os.Args[1:])
		return
	case "etcd":
		etcdmain.Main(os.Args)
		return
	case "kube-apiserver":
		c = apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		c = controllers.NewControllerManagerCommand()
	case "kube-scheduler":
		c = scheduler.NewSchedulerCommand()
	case "kubectl":
		c = kubectl.NewDefaultKubectlCommand()
	default:
		fmt.Fprintln(os.Stderr, "unknown component:", os.Args[0])
		os.Exit(2)
	}
	os.Exit(cli.Run(c))
}
