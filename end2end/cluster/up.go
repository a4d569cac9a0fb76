package main

// tc up starts the components as children, prints one line of JSON when every API server is ready,
// and ends them all when stdin closes: a test run that dies takes its cluster with it.
// Lines on stdin, "stop|cont|kill|start <plane> <component>", are answered by "ok" or "err ...".

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// plane is one API server with its controllers; what is exported here is what tests get to see.
type plane struct {
	Name       string         `json:"name"`
	Server     string         `json:"server"`
	CA         string         `json:"ca"`
	Token      string         `json:"token"`
	Kubeconfig string         `json:"kubeconfig"`
	Etcd       string         `json:"etcd"`
	Pids       map[string]int `json:"pids"`
	dir        string
	args       map[string][]string
	cmds       map[string]*exec.Cmd
	done       map[string]chan struct{}
}

// freePort picks a port and lets go of it: whoever loses the race fails at start, and may try again.
func freePort() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "tc up:", err)
		os.Exit(1)
	}
}

// start runs one component with its log beside it; a component that runs already is an error.
func (p *plane) start(name string) error {
	if d := p.done[name]; d != nil {
		select {
		case <-d:
		default:
			return fmt.Errorf("%s is running", name)
		}
	}
	log, err := os.OpenFile(filepath.Join(p.dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	self, _ := os.Executable()
	c := exec.Command(self, append([]string{name}, p.args[name]...)...)
	if b := filepath.Join(os.Getenv("KUBEBUILDER_ASSETS"), name); filepath.IsAbs(b) {
		if _, err := os.Stat(b); err == nil { // envtest's folder: etcd, kube-apiserver, kubectl
			c = exec.Command(b, p.args[name]...)
		}
	}
	c.Stdout, c.Stderr, c.Dir = log, log, p.dir
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // main thread is locked: see up()
	if err := c.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() { c.Wait(); close(done) }()
	p.cmds[name], p.Pids[name], p.done[name] = c, c.Process.Pid, done
	return nil
}

func (p *plane) signal(name string, s syscall.Signal) error {
	c := p.cmds[name]
	if c == nil {
		return fmt.Errorf("no %s", name)
	}
	err := c.Process.Signal(s)
	if s == syscall.SIGKILL {
		<-p.done[name]
	}
	return err
}

// ready asks as the administrator, over the certificate that the server made for itself.
func (p *plane) ready() bool {
	crt, err := os.ReadFile(p.CA)
	if err != nil {
		return false
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(crt)
	cl := http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	r, _ := http.NewRequest("GET", p.Server+"/readyz", nil)
	r.Header.Set("Authorization", "Bearer "+p.Token)
	res, err := cl.Do(r)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == 200
}

// define applies a folder of CustomResourceDefinitions and waits until they are served.
func (p *plane) define(folder string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"apply", "--server-side", "-f", folder},
		{"wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"},
	} {
		c := exec.Command(self, append([]string{"kubectl", "--kubeconfig", p.Kubeconfig}, args...)...)
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("kubectl %s: %w: %s", args[0], err, out)
		}
	}
	return nil
}

// besideSelf is the path of a folder next to this binary, or nothing where there is none.
func besideSelf(name string) string {
	self, err := os.Executable()
	if err != nil {
		return ""
	}
	folder := filepath.Join(filepath.Dir(self), name)
	if _, err := os.Stat(folder); err != nil {
		return ""
	}
	return folder
}

// newPlane picks ports, writes keys and files, and starts etcd (where it has its own) and the API server.
func newPlane(root, name, etcd string, extra map[string]string) *plane {
	p := &plane{Name: name, dir: filepath.Join(root, name), Pids: map[string]int{}, cmds: map[string]*exec.Cmd{}, done: map[string]chan struct{}{}}
	check(os.MkdirAll(filepath.Join(p.dir, "pki"), 0o700))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	der, _ := x509.MarshalECPrivateKey(key)
	put := func(f, s string) string {
		f = filepath.Join(p.dir, f)
		check(os.WriteFile(f, []byte(s), 0o600))
		return f
	}
	sa := put("pki/sa.key", string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})))
	p.Token = rand.Text()
	tokens := put("tokens.csv", p.Token+",admin,admin,system:masters\n")
	port, kubelet := freePort(), freePort()
	p.Server, p.CA = "https://127.0.0.1:"+port, filepath.Join(p.dir, "pki/apiserver.crt")
	p.Kubeconfig = put("kubeconfig", fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: %[1]s, cluster: {server: "%[2]s", certificate-authority: "%[3]s"}}]
users: [{name: admin, user: {token: %[4]s}}]
contexts: [{name: %[1]s, context: {cluster: %[1]s, user: admin}}]
current-context: %[1]s
`, name, p.Server, p.CA, p.Token))
	p.Etcd = etcd
	prefix := "/registry-" + name
	p.args = map[string][]string{}
	if etcd == "" {
		c, peer := freePort(), freePort()
		p.Etcd = "http://127.0.0.1:" + c
		pe := "http://127.0.0.1:" + peer
		p.args["etcd"] = []string{"--data-dir", "etcd", "--listen-client-urls", p.Etcd, "--advertise-client-urls", p.Etcd,
			"--listen-peer-urls", pe, "--initial-advertise-peer-urls", pe, "--initial-cluster", "default=" + pe,
			"--unsafe-no-fsync", "--log-level", "error"}
	}
	p.args["kube-apiserver"] = []string{"--etcd-servers", p.Etcd, "--etcd-prefix", prefix, "--cert-dir", "pki",
		"--bind-address", "127.0.0.1", "--secure-port", port, "--service-cluster-ip-range", "10.0.0.0/24",
		"--service-account-key-file", sa, "--service-account-signing-key-file", sa,
		"--service-account-issuer", "https://kubernetes.default.svc", "--authorization-mode", "RBAC",
		"--token-auth-file", tokens, "--allow-privileged", "--kubelet-preferred-address-types", "InternalIP"}
	p.args["kube-controller-manager"] = []string{"--kubeconfig", p.Kubeconfig, "--service-account-private-key-file", sa,
		"--use-service-account-credentials", "--root-ca-file", p.CA, "--leader-elect=false", "--secure-port=0"}
	p.args["kube-scheduler"] = []string{"--kubeconfig", p.Kubeconfig, "--leader-elect=false", "--secure-port=0"}
	p.args["fakelet"] = []string{"--kubeconfig", p.Kubeconfig, "--port", kubelet}
	for k, v := range extra {
		p.args[k] = append(p.args[k], strings.Fields(v)...)
	}
	if etcd == "" {
		check(p.start("etcd"))
	}
	check(p.start("kube-apiserver"))
	return p
}

func up(args []string) {
	runtime.LockOSThread() // Pdeathsig watches the thread that forks; this one lives as long as the process
	f := flag.NewFlagSet("up", flag.ExitOnError)
	dir := f.String("dir", "", "state folder")
	n := f.Int("planes", 1, "API servers")
	share := f.Bool("share-etcd", true, "one etcd, one prefix a plane")
	with := f.String("with", "kube-controller-manager,kube-scheduler,fakelet", "what runs beside the API server")
	crds := f.String("crds", besideSelf("crds"), "folder of CustomResourceDefinitions to apply; empty for none")
	apiArgs := f.String("apiserver-args", "", "more flags for kube-apiserver")
	kcmArgs := f.String("kcm-args", "", "more flags for kube-controller-manager")
	f.Parse(args)
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGTERM, syscall.SIGINT)
	var planes []*plane
	etcd := ""
	root, err := filepath.Abs(*dir)
	check(err)
	extra := map[string]string{"kube-apiserver": *apiArgs, "kube-controller-manager": *kcmArgs}
	for i := range *n {
		p := newPlane(root, fmt.Sprintf("p%d", i), etcd, extra)
		if *share {
			etcd = p.Etcd
		}
		planes = append(planes, p)
	}
	end := func(code int) {
		for _, p := range planes {
			for _, c := range p.cmds {
				c.Process.Kill()
			}
		}
		os.Exit(code)
	}
	until := time.Now().Add(120 * time.Second)
	for _, p := range planes {
		for !p.ready() {
			select {
			case <-p.done["kube-apiserver"]:
				until = time.Time{} // it went; no use waiting
			default:
			}
			if time.Now().After(until) {
				fmt.Fprintln(os.Stderr, "tc up: not ready; see", p.dir)
				end(1)
			}
			time.Sleep(50 * time.Millisecond)
		}
		for _, c := range strings.FieldsFunc(*with, func(r rune) bool { return r == ',' }) {
			check(p.start(c))
		}
		if *crds != "" {
			if err := p.define(*crds); err != nil {
				fmt.Fprintln(os.Stderr, "tc up:", err)
				end(1)
			}
		}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{"planes": planes})
	lines := make(chan string)
	go func() {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			lines <- s.Text()
		}
		close(lines)
	}()
	for {
		select {
		case <-sig:
			end(0)
		case l, ok := <-lines:
			if !ok {
				end(0)
			}
			if err := command(planes, strings.Fields(l)); err != nil {
				fmt.Println("err", err)
			} else {
				fmt.Println("ok")
			}
		}
	}
}

func command(planes []*plane, w []string) error {
	if len(w) != 3 {
		return fmt.Errorf("want: <verb> <plane> <component>")
	}
	for _, p := range planes {
		if p.Name != w[1] {
			continue
		}
		switch w[0] {
		case "stop":
			return p.signal(w[2], syscall.SIGSTOP)
		case "cont":
			return p.signal(w[2], syscall.SIGCONT)
		case "kill":
			return p.signal(w[2], syscall.SIGKILL)
		case "start":
			return p.start(w[2])
		}
	}
	return fmt.Errorf("unknown: %v", w)
}
