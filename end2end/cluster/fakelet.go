package main

// fakelet stands in for kubelets: nodes are Ready, pods live by rules, logs are served.
// A pod's rules: the annotation fake.troupe.dev/do ("ready=10s,crash"), else the image tag's
// parts after "--" ("app:v2--ready.10s--crash"). Rules: ready=D|never, done=D, term=D, unsched,
// pull, config, crash[=CODE], oom.

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	typedv1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/workqueue"
)

const (
	doKey  = "fake.troupe.dev/do"
	logKey = "fake.troupe.dev/log"
	period = 2 * time.Second // one crash: runs for a quarter, waits for the rest
)

type rules map[string]string

func rulesOf(p *v1.Pod) rules {
	var parts []string
	if a := p.Annotations[doKey]; a != "" {
		parts = strings.FieldsFunc(a, func(r rune) bool { return r == ',' || r == ' ' })
	} else {
		for _, c := range p.Spec.Containers {
			parts = append(parts, strings.Split(c.Image, "--")[1:]...)
		}
	}
	r := rules{}
	for _, w := range parts {
		i := strings.IndexAny(w, "=.")
		if i < 0 {
			i, w = len(w), w+"="
		}
		r[w[:i]] = w[i+1:]
	}
	return r
}

func (r rules) has(k string) bool { _, ok := r[k]; return ok }
func (r rules) dur(k string, d time.Duration) time.Duration {
	if v, err := time.ParseDuration(r[k]); err == nil {
		return v
	}
	return d
}

// life gives a pod's status as a function of its age, when to look again, and an event to tell.
func life(p *v1.Pod, now time.Time) (s v1.PodStatus, again time.Duration, reason, msg string) {
	r := rulesOf(p)
	s = *p.Status.DeepCopy()
	if s.StartTime == nil {
		t := metav1.NewTime(now.Truncate(time.Second))
		s.StartTime = &t
		s.HostIP, s.HostIPs = "127.0.0.1", []v1.HostIP{{IP: "127.0.0.1"}}
		h := uint32(0)
		for _, b := range []byte(p.UID) {
			h = h*31 + uint32(b)
		}
		s.PodIP = fmt.Sprintf("10.244.%d.%d", h>>8&255, h&255)
		s.PodIPs = []v1.PodIP{{IP: s.PodIP}}
	}
	start, age := *s.StartTime, now.Sub(s.StartTime.Time)
	once := p.Spec.RestartPolicy != v1.RestartPolicyAlways
	s.Phase = v1.PodRunning
	st := v1.ContainerState{Running: &v1.ContainerStateRunning{StartedAt: start}}
	var last v1.ContainerState
	var restarts int32
	ready := true
	wait := func(why, m string) {
		st = v1.ContainerState{Waiting: &v1.ContainerStateWaiting{Reason: why, Message: m}}
		ready = false
	}
	ended := func(code int32, why string) v1.ContainerState {
		return v1.ContainerState{Terminated: &v1.ContainerStateTerminated{ExitCode: code, Reason: why, StartedAt: start, FinishedAt: metav1.NewTime(now.Truncate(time.Second))}}
	}
	code, why := int32(0), ""
	if r.has("crash") {
		n, err := strconv.Atoi(r["crash"])
		if err != nil {
			n = 1
		}
		code, why = int32(n), "Error"
	} else if r.has("oom") {
		code, why = 137, "OOMKilled"
	}
	up := r.dur("ready", 0)
	done := r.dur("done", 200*time.Millisecond)
	image := p.Spec.Containers[0].Image
	switch {
	case r.has("pull"):
		s.Phase = v1.PodPending
		reason, msg = "Failed", fmt.Sprintf("Failed to pull image %q: not found", image)
		if age < period {
			wait("ErrImagePull", msg)
			again = period - age
		} else {
			wait("ImagePullBackOff", fmt.Sprintf("Back-off pulling image %q", image))
		}
	case r.has("config"):
		s.Phase = v1.PodPending
		wait("CreateContainerConfigError", `secret "missing" not found`)
		reason, msg = "Failed", `Error: secret "missing" not found`
	case why != "" && p.Spec.RestartPolicy == v1.RestartPolicyNever:
		if age < done {
			again = done - age
			break
		}
		s.Phase, ready, st = v1.PodFailed, false, ended(code, why)
	case why != "":
		k := int32(age / period)
		in := age % period
		again = period - in
		if in < period/4 {
			ready, again, restarts = false, period/4-in, k
		} else {
			restarts = k
			wait("CrashLoopBackOff", fmt.Sprintf("back-off 2s restarting failed container=%s pod=%s", p.Spec.Containers[0].Name, p.Name))
			reason, msg = "BackOff", "Back-off restarting failed container"
		}
		if restarts > 0 || st.Waiting != nil {
			last = ended(code, why)
		}
	case once && age >= done:
		s.Phase, ready, st = v1.PodSucceeded, false, ended(0, "Completed")
	case r["ready"] == "never":
		ready = false
	case age < up:
		ready, again = false, up-age
	case once:
		again = done - age
	}
	if s.Phase == p.Status.Phase && (s.Phase == v1.PodSucceeded || s.Phase == v1.PodFailed) {
		return p.Status, 0, "", "" // ended pods stay as they are
	}
	names := func(cs []v1.Container, state v1.ContainerState, ready bool) (out []v1.ContainerStatus) {
		for _, c := range cs {
			out = append(out, v1.ContainerStatus{Name: c.Name, Image: c.Image, ImageID: "fake://" + c.Image, ContainerID: "fake://" + string(p.UID) + "/" + c.Name,
				Ready: ready, Started: new(state.Running != nil), RestartCount: restarts, State: state, LastTerminationState: last})
		}
		return
	}
	s.ContainerStatuses = names(p.Spec.Containers, st, ready)
	s.InitContainerStatuses = nil
	for i, c := range names(p.Spec.InitContainers, ended(0, "Completed"), true) {
		if rp := p.Spec.InitContainers[i].RestartPolicy; rp != nil && *rp == v1.ContainerRestartPolicyAlways {
			c.State, c.Started = v1.ContainerState{Running: &v1.ContainerStateRunning{StartedAt: start}}, new(true)
		} else {
			c.State.Terminated.FinishedAt = start
		}
		c.RestartCount, c.LastTerminationState = 0, v1.ContainerState{}
		s.InitContainerStatuses = append(s.InitContainerStatuses, c)
	}
	cond := func(t v1.PodConditionType, ok bool, why string) {
		c := v1.PodCondition{Type: t, Status: v1.ConditionFalse, Reason: why, LastTransitionTime: metav1.NewTime(now.Truncate(time.Second))}
		if ok {
			c.Status, c.Reason = v1.ConditionTrue, ""
		}
		for i := range s.Conditions {
			if s.Conditions[i].Type == t {
				if s.Conditions[i].Status == c.Status {
					c.LastTransitionTime = s.Conditions[i].LastTransitionTime
				}
				s.Conditions[i] = c
				return
			}
		}
		s.Conditions = append(s.Conditions, c)
	}
	unready := "ContainersNotReady"
	if s.Phase == v1.PodSucceeded {
		unready = "PodCompleted"
	}
	cond(v1.PodReadyToStartContainers, true, "")
	cond(v1.PodInitialized, true, "")
	cond(v1.ContainersReady, ready, unready)
	for _, g := range p.Spec.ReadinessGates {
		cond(g.ConditionType, ready, unready)
	}
	cond(v1.PodReady, ready, unready)
	return
}

func fakelet(args []string) {
	f := flag.NewFlagSet("fakelet", flag.ExitOnError)
	kc := f.String("kubeconfig", "", "")
	port := f.Int("port", 0, "log server")
	nodes := f.Int("nodes", 2, "")
	bind := f.Bool("bind", false, "bind pods as a scheduler would")
	f.Parse(args)
	cfg, err := clientcmd.BuildConfigFromFlags("", *kc)
	check(err)
	cfg.QPS, cfg.Burst = 500, 1000
	cs, ctx := kubernetes.NewForConfigOrDie(cfg), context.Background()
	for i := range *nodes {
		go node(ctx, cs, fmt.Sprintf("fake-%d", i), int32(*port))
	}
	tell := record.NewBroadcaster()
	tell.StartRecordingToSink(&typedv1.EventSinkImpl{Interface: cs.CoreV1().Events("")})
	rec := tell.NewRecorder(scheme.Scheme, v1.EventSource{Component: "kubelet"})
	fac := informers.NewSharedInformerFactory(cs, 0)
	inf, lst := fac.Core().V1().Pods().Informer(), fac.Core().V1().Pods().Lister()
	q := workqueue.NewTypedDelayingQueue[cache.ObjectName]()
	add := func(o any) {
		if n, err := cache.DeletionHandlingObjectToName(o); err == nil {
			q.Add(n)
		}
	}
	inf.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: add, UpdateFunc: func(_, o any) { add(o) }})
	fac.Start(ctx.Done())
	fac.WaitForCacheSync(ctx.Done())
	sync := func(n cache.ObjectName) (time.Duration, error) {
		p, err := lst.Pods(n.Namespace).Get(n.Name)
		if err != nil {
			return 0, nil
		}
		pods, now := cs.CoreV1().Pods(n.Namespace), time.Now()
		switch {
		case p.DeletionTimestamp != nil && p.Spec.NodeName != "":
			asked := p.DeletionTimestamp.Add(-time.Duration(*p.DeletionGracePeriodSeconds) * time.Second)
			if left := rulesOf(p).dur("term", 0) - now.Sub(asked); left > 0 {
				return left, nil
			}
			return 0, pods.Delete(ctx, n.Name, metav1.DeleteOptions{GracePeriodSeconds: new(int64), Preconditions: metav1.NewUIDPreconditions(string(p.UID))})
		case p.DeletionTimestamp != nil:
			return 0, nil
		case p.Spec.NodeName == "":
			if !*bind || rulesOf(p).has("unsched") {
				return 0, nil
			}
			return 0, pods.Bind(ctx, &v1.Binding{ObjectMeta: metav1.ObjectMeta{Name: n.Name, Namespace: n.Namespace, UID: p.UID}, Target: v1.ObjectReference{Kind: "Node", Name: "fake-0"}}, metav1.CreateOptions{})
		}
		s, again, reason, msg := life(p, now)
		if equality.Semantic.DeepEqual(s, p.Status) {
			return again, nil
		}
		if reason != "" {
			rec.Event(p, v1.EventTypeWarning, reason, msg)
		}
		p = p.DeepCopy()
		p.Status = s
		_, err = pods.UpdateStatus(ctx, p, metav1.UpdateOptions{})
		return again, err
	}
	for range 4 {
		go func() {
			for {
				n, _ := q.Get()
				again, err := sync(n)
				if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
					fmt.Println(n, err)
					again = time.Second
				}
				if again > 0 {
					q.AddAfter(n, again+10*time.Millisecond)
				}
				q.Done(n)
			}
		}()
	}
	crt, key, err := cert.GenerateSelfSignedCertKey("fakelet", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	check(err)
	pair, err := tls.X509KeyPair(crt, key)
	check(err)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{ns}/{pod}/{container}", func(w http.ResponseWriter, rq *http.Request) {
		p, err := lst.Pods(rq.PathValue("ns")).Get(rq.PathValue("pod"))
		if err != nil {
			http.Error(w, err.Error(), 404)
			return
		}
		r, opt := rulesOf(p), rq.URL.Query()
		text := p.Annotations[logKey]
		if text == "" {
			text = rq.PathValue("container") + ": started"
			if r.has("crash") {
				text += "\npanic: fake crash"
			}
		}
		lines := strings.Split(text, "\n")
		if opt.Get("previous") == "true" {
			lines = append([]string{"(previous)"}, lines...)
		}
		if n, err := strconv.Atoi(opt.Get("tailLines")); err == nil && n < len(lines) {
			lines = lines[len(lines)-n:]
		}
		put := func(l string) {
			if opt.Get("timestamps") == "true" {
				l = time.Now().UTC().Format(time.RFC3339Nano) + " " + l
			}
			fmt.Fprintln(w, l)
			w.(http.Flusher).Flush()
		}
		for _, l := range lines {
			put(l)
		}
		for i := 0; opt.Get("follow") == "true"; i++ {
			select {
			case <-rq.Context().Done():
				return
			case <-time.After(time.Second):
			}
			if _, err := lst.Pods(p.Namespace).Get(p.Name); err != nil {
				return
			}
			put(fmt.Sprint("tick ", i))
		}
	})
	srv := http.Server{Addr: fmt.Sprintf("127.0.0.1:%d", *port), Handler: mux, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}}
	check(srv.ListenAndServeTLS("", ""))
}

func node(ctx context.Context, cs kubernetes.Interface, name string, port int32) {
	api := cs.CoreV1().Nodes()
	for ; ; time.Sleep(10 * time.Second) {
		n, err := api.Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			n, err = api.Create(ctx, &v1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{v1.LabelHostname: name, v1.LabelOSStable: "linux", v1.LabelArchStable: "amd64"}}}, metav1.CreateOptions{})
		}
		if err != nil {
			continue
		}
		now := metav1.Now()
		room := v1.ResourceList{v1.ResourceCPU: resource.MustParse("32"), v1.ResourceMemory: resource.MustParse("256Gi"), v1.ResourcePods: resource.MustParse("1000")}
		i := slices.IndexFunc(n.Status.Conditions, func(c v1.NodeCondition) bool { return c.Type == v1.NodeReady })
		c := v1.NodeCondition{Type: v1.NodeReady, Status: v1.ConditionTrue, Reason: "KubeletReady", LastHeartbeatTime: now, LastTransitionTime: now}
		if i >= 0 && n.Status.Conditions[i].Status == v1.ConditionTrue {
			c.LastTransitionTime = n.Status.Conditions[i].LastTransitionTime
		}
		if n.Annotations["fake.troupe.dev/down"] != "" {
			continue // a lost node: the heartbeat stops
		}
		n.Status = v1.NodeStatus{Capacity: room, Allocatable: room, Conditions: []v1.NodeCondition{c},
			Addresses:       []v1.NodeAddress{{Type: v1.NodeInternalIP, Address: "127.0.0.1"}},
			DaemonEndpoints: v1.NodeDaemonEndpoints{KubeletEndpoint: v1.DaemonEndpoint{Port: port}},
			NodeInfo:        v1.NodeSystemInfo{KubeletVersion: "v1.36.3-fake", OperatingSystem: "linux", Architecture: "amd64"}}
		api.UpdateStatus(ctx, n, metav1.UpdateOptions{})
	}
}
