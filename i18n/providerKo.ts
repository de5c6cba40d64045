// What the program's provider says under `pulumi up`, `preview` and `destroy`, in Korean, as `problemsKo.ts`.

export const providerKo: Readonly<Record<string, string>> = {
  "{} is not ready after {} s": "{1}: {2}초가 지나도 준비되지 않았습니다",
  'Correct that, then run "pulumi up" again.': '원인을 해결한 뒤 "pulumi up"을 다시 실행해야 합니다.',
  "interrupted by {}; run the same command again": "{1} 신호로 중단되었습니다. 같은 명령을 다시 실행해야 합니다",
  "interrupted; run the same command again": "중단되었습니다. 같은 명령을 다시 실행해야 합니다",
  "Pulumi was killed; run the same command again": "Pulumi가 강제 종료되었습니다. 같은 명령을 다시 실행해야 합니다",
  "csp-mesh has no resource type {}": "csp-mesh에 없는 리소스 종류입니다: {1}",
  'no connection with context "{}" of the kubeconfig; check it with kubectl --context {} version: {}':
    'kubeconfig의 컨텍스트 "{1}"(으)로 접속할 수 없습니다. kubectl --context {2} version으로 확인해야 합니다: {3}',
  "{} is gone: nothing was deleted there": "{1}: 없어진 클러스터로 설정되어 있어 아무것도 삭제하지 않았습니다",
  "nothing was deleted in it": "이 클러스터에서는 아무것도 삭제하지 않았습니다",
  "Nothing was deleted.": "아무것도 삭제하지 않았습니다.",
  "and {} more": "그 밖에 {1}개",

  "several DaemonSets have the label {}: {}; set the cluster's cilium.namespace":
    "레이블 {1}의 DaemonSet이 여러 개입니다: {2}. 클러스터의 cilium.namespace를 설정해야 합니다",
  "Cilium's DaemonSet is {}/{}, but ConfigMap {}/{} does not exist; configure Cilium for Istio yourself, and set the cluster's cilium.patch to false":
    "Cilium의 DaemonSet {1}/{2}은(는) 있으나 ConfigMap {3}/{4}이(가) 없습니다. Istio에 맞게 Cilium을 직접 설정하고 클러스터의 cilium.patch를 false로 설정해야 합니다",
  "DaemonSet {}/{} has the update strategy OnDelete, so it cannot be restarted: make it RollingUpdate, or configure Cilium for Istio yourself and set the cluster's cilium.patch to false":
    "DaemonSet {1}/{2}의 업데이트 방식이 OnDelete여서 재시작할 수 없습니다. RollingUpdate로 바꾸거나, Istio에 맞게 Cilium을 직접 설정하고 클러스터의 cilium.patch를 false로 설정해야 합니다",
  "cannot see whether Cilium's layer 7 proxy is in use: {}; grant the account \"list\" on pods and on all kinds of cilium.io, or add {} to the cluster's cilium.leave":
    'Cilium의 L7 프록시를 사용하는지 조회할 수 없습니다: {1}. 계정에 파드와 cilium.io의 모든 종류에 대한 "list" 권한을 주거나, 클러스터의 cilium.leave에 {2} 키를 추가해야 합니다',
  "{}, in which Helm keeps a revision of {}, was changed and cannot be read. Restore it; to destroy the mesh, delete the objects with annotation {}: {}, then this Secret":
    "Helm이 {2}의 리비전을 보관하는 {1}이(가) 변경되어 읽을 수 없습니다. 복원해야 합니다. 메시를 제거하려면 어노테이션 {3}: {4}이(가) 있는 객체를 삭제한 뒤 이 시크릿을 삭제해야 합니다",
  "The restart was stopped: {} has its former values, and the agents are ready again.":
    "재시작을 멈추었습니다. {1}의 값을 이전으로 되돌렸고 에이전트가 다시 준비되었습니다.",
  "{} could not be restored to its former values: {}": "{1}의 값을 이전으로 되돌리지 못했습니다: {2}",
  "Cilium does not become ready with {}": "Cilium이 다음 설정으로 다시 시작하지 못합니다: {1}",
  'Exclude the keys that its agents do not accept (cilium.leave of the cluster, keys: {}), or set up Cilium yourself (cilium.patch: false), or repair the agents. Then run "pulumi up" again.':
    '에이전트가 받아들이지 않는 키를 제외하거나(클러스터의 cilium.leave, 대상: {1}), Cilium을 직접 설정하거나(cilium.patch: false), 에이전트를 복구해야 합니다. 그다음 "pulumi up"을 다시 실행해야 합니다.',
  'no DaemonSet with the label {} in namespace "{}"; correct the cluster\'s cilium.namespace, or remove it to search all namespaces':
    '네임스페이스 "{2}"에 레이블 {1}의 DaemonSet이 없습니다. 클러스터의 cilium.namespace를 고치거나, 지워서 모든 네임스페이스에서 찾게 합니다',
  'Cilium\'s layer 7 proxy is in use, and Istio needs it off ({} "false"). These would stop working, and agents of some releases would not start:':
    'Cilium의 L7 프록시가 사용 중이지만 Istio를 쓰려면 꺼야 합니다({1} "false"). 끄면 다음 항목이 동작하지 않고, 일부 릴리스의 에이전트는 시작하지 않습니다:',
  '{}Add {} to the cluster\'s cilium.leave, or remove them, then run "pulumi up" again. Cilium was not changed.':
    '{1}클러스터의 cilium.leave에 {2} 키를 추가하거나 위 항목을 제거한 뒤 "pulumi up"을 다시 실행해야 합니다. Cilium은 변경하지 않았습니다.',
  'changed outside this stack during Cilium\'s restart: {}. It was not changed again, to avoid a second restart; "pulumi up --refresh" sets it again':
    'Cilium이 재시작하는 동안 이 스택 밖에서 변경되었습니다: {1}. 다시 재시작하지 않고 그대로 둡니다. "pulumi up --refresh"로 다시 설정할 수 있습니다',
  "ConfigMap cilium-config: annotation {}, which holds Cilium's former settings, was changed and cannot be read. Correct it, or remove it (kubectl annotate configmap cilium-config -n NAMESPACE {}-) and set {} yourself":
    "ConfigMap cilium-config: Cilium의 이전 설정을 담은 어노테이션 {1} 값이 변경되어 읽을 수 없습니다. 고치거나, 지우고(kubectl annotate configmap cilium-config -n NAMESPACE {2}-) {3} 값을 직접 설정해야 합니다",
  "{} is {}, changed outside this stack, and stays so; Istio needs {}, before the mesh it was {}":
    "{1} 값이 이 스택 밖에서 {2}(으)로 변경되어 그대로 둡니다. Istio에 필요한 값: {3}, 메시 이전의 값: {4}",
  "{} is {}, changed outside this stack, and stays so; before the mesh it was {}":
    "{1} 값이 이 스택 밖에서 {2}(으)로 변경되어 그대로 둡니다. 메시 이전의 값: {3}",
  "cilium-config: {}, one restart": "cilium-config: {1}, 재시작 1회",

  "the cluster already has an Istio that this program did not install, and two would overwrite each other:{}":
    "이 프로그램이 설치하지 않은 Istio가 이미 있으며, 둘은 서로 덮어씁니다:{1}",
  'Remove it (the provider\'s add-on where its console shows one, else "helm uninstall" or "kubectl delete"), then run "pulumi up" again. No part of Istio was created in this cluster.':
    'Istio를 제거한 뒤(CSP 콘솔에 애드온이 있으면 콘솔에서, 아니면 "helm uninstall"이나 "kubectl delete") "pulumi up"을 다시 실행해야 합니다. 이 클러스터에는 Istio를 아무것도 만들지 않았습니다.',
  "the cluster has custom resources of an Istio that this program did not install, and this istiod would apply them:{}":
    "이 프로그램이 설치하지 않은 Istio의 커스텀 리소스가 있으며, 새 istiod가 이를 적용하게 됩니다:{1}",
  'Delete them, or set csp-mesh:istio.keepCrds to true to use and keep them, then run "pulumi up" again. No part of Istio was created in this cluster.':
    '삭제하거나, 의도한 것이면 csp-mesh:istio.keepCrds를 true로 설정한 뒤 "pulumi up"을 다시 실행해야 합니다. 이 클러스터에는 Istio를 아무것도 만들지 않았습니다.',
  "{} holds no CustomResourceDefinition of {}; set gatewayApi.source to a release's standard-install.yaml":
    "{1}에 {2}의 CustomResourceDefinition이 없습니다. gatewayApi.source에 릴리스의 standard-install.yaml을 적어야 합니다",
  "deleting the program's Gateway API CRDs would also delete these objects of others:{}":
    "다음 객체는 이 프로그램의 것이 아니지만 이 프로그램이 만든 Gateway API CRD와 함께 삭제됩니다:{1}",
  "Delete them, or keep them and the CRDs, then run the same command again.":
    "객체를 삭제하거나 CRD와 함께 남긴 뒤 같은 명령을 다시 실행해야 합니다.",
  "To keep them:": "남기려면:",
  "deleting Istio's CRDs would also delete these custom resources of others:{}":
    "다음 커스텀 리소스는 이 프로그램의 것이 아니지만 Istio CRD와 함께 삭제됩니다:{1}",
  "Delete them, or keep them and their CRDs, then run the same command again.":
    "객체를 삭제하거나 CRD와 함께 남긴 뒤 같은 명령을 다시 실행해야 합니다.",
  "{} existed before the mesh and keeps its present contents: its annotation {} was changed":
    "{1}: 메시 이전부터 있던 객체이며 현재 내용을 그대로 둡니다. 어노테이션 {2} 값이 변경되었습니다",
  "{} existed before the mesh and keeps its present contents: {}":
    "{1}: 메시 이전부터 있던 객체이며 현재 내용을 그대로 둡니다: {2}",
  'namespace "{}" stays, because {}': '네임스페이스 "{1}" 남김: {2}',
  'namespace "{}" will stay, because {}': '네임스페이스 "{1}" 남길 예정: {2}',
  "these objects in it are not this program's:{}": "다음 객체는 이 프로그램의 것이 아닙니다:{1}",
  "In addition, {}": "또한 {1}",
  "the program cannot see whether it has objects of others:{}": "다른 사람의 객체가 있는지 확인할 수 없습니다:{1}",
  "set {}.source to a URL or path that this machine can read, or to none; {}.access has its login and CA":
    "{1}.source에 여기서 읽을 수 있는 URL이나 경로 또는 none을 적어야 합니다. 로그인과 CA는 {2}.access에 적어야 합니다",
  "{} is not a YAML manifest: {}": "{1}: 매니페스트 YAML이 아닙니다: {2}",
  "set metricsServer.source to the components.yaml of a release":
    "metricsServer.source에 릴리스의 components.yaml을 적어야 합니다",
  "{} contains objects that are not part of metrics-server: {}; {}":
    "{1}: metrics-server의 것이 아닌 항목이 있습니다: {2}. {3}",
  "{} holds no APIService {}; {}": "{1}: APIService {2} 항목이 없습니다. {3}",

  "CRDs of a later release than Istio {} stay unchanged: {}": "Istio {1} 이후 릴리스의 CRD는 그대로 둡니다: {2}",
  "the cluster was rebuilt, or its claim (ClusterRole {}) was deleted. {}":
    "클러스터가 다시 만들어졌거나 소유 표시(ClusterRole {1})가 삭제되었습니다. {2}",
  "Run pulumi up --refresh: it creates the missing objects, and gives the new token to the other clusters":
    "pulumi up --refresh를 실행하면 없는 것을 만들고 새 토큰을 다른 클러스터에 전달합니다",
  "the claim was made for another cluster (its kube-system has the UID {}, this one {}): it was copied from a backup. Delete it, then continue: kubectl delete clusterrole {}":
    "소유 표시가 다른 클러스터의 것입니다(그 kube-system의 UID: {1}, 이 클러스터: {2}). 백업에서 복사된 것이므로 삭제한 뒤 계속합니다: kubectl delete clusterrole {3}",
  "this cluster belongs to the stack {}: nothing was deleted in it":
    "이 클러스터는 스택 {1} 소유입니다. 아무것도 삭제하지 않았습니다",
  "StorageClass {} is changed all the time by another client, or has a finalizer":
    "StorageClass {1}을(를) 다른 클라이언트가 계속 변경하거나 finalizer가 삭제를 막고 있습니다",
  "StorageClass {} is created as the default": "StorageClass {1} 생성, 기본값으로 지정",
  "{} is removed": "{1} 제거",
  "{} {} the default": "{1}: 기본값 {2}",
  becomes: "지정",
  "is no longer": "해제",
  "its API server {} cannot be reached ({}), so nothing was deleted in any cluster. Make it reachable, then run the same command again. {}":
    "API 서버 {1}에 접속할 수 없어({2}) 어느 클러스터에서도 아무것도 삭제하지 않았습니다. 접속할 수 있게 한 뒤 같은 명령을 다시 실행해야 합니다. {3}",
  "If the cluster is gone for good, run these in this order: npm run mesh -- forget {}{}; pulumi up; pulumi destroy. Only pulumi up writes the mark into the state: pulumi destroy does not read the stack's config":
    "클러스터가 완전히 없어졌으면 npm run mesh -- forget {1}{2}, pulumi up, pulumi destroy를 이 순서로 실행해야 합니다. pulumi destroy는 스택 설정을 읽지 않으므로, 없어진 클러스터는 pulumi up을 실행해야 상태에 반영됩니다",
  "its API server refuses: {}": "API 서버가 거부합니다: {1}",
  "{}. Nothing was deleted in any cluster. To remove only this stack's state, run: pulumi stack rm --force":
    "{1}. 어느 클러스터에서도 아무것도 삭제하지 않았습니다. 이 스택의 상태만 지우는 명령: pulumi stack rm --force",
  'the claim (ClusterRole {}) is not in this cluster, and its namespace {} is not this program\'s: the context "{}" may now be for another cluster. Nothing was deleted in any cluster. Correct the kubeconfig, then run the same command again. {}':
    '이 클러스터에 소유 표시(ClusterRole {1})가 없고 네임스페이스 {2} 또한 이 프로그램의 것이 아닙니다. 컨텍스트 "{3}"의 대상이 다른 클러스터로 바뀌었을 수 있습니다. 어느 클러스터에서도 아무것도 삭제하지 않았습니다. kubeconfig를 고친 뒤 같은 명령을 다시 실행해야 합니다. {4}',
  "CustomResourceDefinition {} was missing: installed again": "CustomResourceDefinition {1} 없어짐: 다시 설치",
  "not {} within {} s: {}": "{2}초 안에 {1} 상태가 되지 않았습니다: {3}",
  "gateway {}/{} cannot be checked: {}": "게이트웨이 {1}/{2}을(를) 조회할 수 없습니다: {3}",
  "gateway {}/{} is not ready after {} s": "게이트웨이 {1}/{2}: {3}초가 지나도 준비되지 않았습니다",
  "{}, so autoscalers of gateways and istiods stay at their minimum; install metrics-server by metricsServer.source":
    "{1}. 따라서 게이트웨이와 istiod의 오토스케일러가 최솟값에 머무릅니다. metricsServer.source로 metrics-server를 설치해야 합니다",
  "Helm's {} says {}, because a run was interrupted: set to {}":
    "Helm의 {1}: 중단된 실행이 남긴 상태 {2}, {3} 상태로 변경",
  "{} cannot be listed: {}": "{1} 목록을 조회할 수 없습니다: {2}",
  "{} was missing: installed again": "{1} 없어짐: 다시 설치",
  "the cluster has its own metrics API, which stays unchanged{}": "클러스터에 자체 메트릭 API가 있어 그대로 둡니다{1}",
  "APIService {} does not exist, but parts of a metrics-server that this program did not install do: {}; remove them, or set metricsServer.source to none":
    "APIService {1} 항목은 없으나 이 프로그램이 설치하지 않은 metrics-server의 일부가 있습니다: {2}. 제거하거나 metricsServer.source를 none으로 설정해야 합니다",
  "metrics-server is not ready after {} s: {}": "metrics-server가 {1}초가 지나도 준비되지 않았습니다: {2}",
  "metrics are not served after {} s: {}": "{1}초가 지나도 메트릭을 조회할 수 없습니다: {2}",
  "the API server created the pod without a proxy: it did not call istiod's webhook":
    "파드에 프록시가 주입되지 않았습니다. istiod의 웹훅이 호출되지 않았습니다",
  "istiod is ready, but its webhook injected no proxy into a new pod within {} s: {}":
    "istiod는 준비되었으나 {1}초 안에 웹훅이 새 파드에 프록시를 주입하지 않았습니다: {2}",
  "The API server must reach istiod's pods at TCP 15017. Open 15017 from the control plane to the nodes, and 10250 for logs and exec (npm run mesh -- firewall).":
    "API 서버에서 istiod 파드의 TCP 15017에 접속할 수 있어야 합니다. 컨트롤 플레인에서 노드로 15017을 열고, 로그와 exec을 위해 10250을 열어야 합니다(npm run mesh -- firewall).",
  "If the control plane has no route to pods, as on EKS with another CNI than its own, run istiod on the host network: kubectl --context {} -n {} patch deployment {} -p '{}'":
    "컨트롤 플레인에서 파드로 가는 경로가 없으면(예: 다른 CNI를 쓰는 EKS) istiod가 노드의 네트워크를 쓰게 합니다: kubectl --context {1} -n {2} patch deployment {3} -p '{4}'",
  "A label istio-injection or istio.io/rev of namespace {} also excludes its pods from the webhook.":
    "네임스페이스 {1}의 레이블 istio-injection이나 istio.io/rev 때문에 웹훅이 파드에 적용되지 않을 수도 있습니다.",
  "A killed probe may have left objects: kubectl delete namespace -l {}":
    "강제 종료된 경로 점검이 네임스페이스를 남겼을 수 있습니다: kubectl delete namespace -l {1}",
  "{} was missing: created again": "{1} 없어짐: 다시 생성",
  "Helm calls {} {}: applied again": "Helm의 {1} 상태가 {2}: 다시 적용",
  "Helm has no release {} in {}; run pulumi up --refresh":
    "{2}에 Helm 릴리스 {1}이(가) 없습니다. pulumi up --refresh를 실행해야 합니다",
  'namespace "{}" is not the program\'s own, and its label {} prevents this mesh\'s sidecars; set csp-mesh:sample.namespace to another name, then run "pulumi up" again':
    '네임스페이스 "{1}"은(는) 이전부터 있었고 레이블 {2} 때문에 이 메시의 사이드카가 주입되지 않습니다. csp-mesh:sample.namespace를 다른 이름으로 설정한 뒤 "pulumi up"을 다시 실행해야 합니다',
  'namespace "{}" is not the program\'s own, and has objects with names that the sample needs:{}':
    '네임스페이스 "{1}"은(는) 이전부터 있었고 샘플에 필요한 이름의 객체가 있습니다:{2}',
  'Set csp-mesh:sample.namespace to another name, then run "pulumi up" again. They were not changed.':
    'csp-mesh:sample.namespace를 다른 이름으로 설정한 뒤 "pulumi up"을 다시 실행해야 합니다. 위 객체는 그대로 두었습니다.',
  'Secret {} has no "{}", without which the other clusters cannot watch this one. Check that ServiceAccount {} exists and that kube-controller-manager issues tokens, then run again':
    '시크릿 {1}에 "{2}" 값이 없어 다른 클러스터가 이 클러스터를 감시할 수 없습니다. ServiceAccount {3} 항목이 있는지, kube-controller-manager가 토큰을 발급하는지 확인한 뒤 다시 실행해야 합니다',
  'MeshCA has no intermediate for cluster {}; add it to "clusters"':
    'MeshCA에 클러스터 {1}의 중간 인증서가 없습니다. "clusters"에 추가해야 합니다',
  'MeshCA was given no intermediate for cluster {}; add it to "intermediates"':
    'MeshCA에 클러스터 {1}의 중간 인증서가 지정되지 않았습니다. "intermediates"에 추가해야 합니다',

  'this cluster belongs to the mesh "{}" of the stack {}, as its cluster "{}". Nothing was changed. Destroy that stack first; if its state is lost, or after pulumi stack rename, run: {}':
    '이 클러스터는 스택 {2} 메시 "{1}"의 클러스터 "{3}"입니다. 아무것도 변경하지 않았습니다. 그 스택에서 먼저 destroy를 실행해야 합니다. 그 스택의 상태를 잃었거나 pulumi stack rename으로 스택 이름을 바꾼 경우에 실행할 명령: {4}',
  "this cluster's mesh was built by a stack of this name, {}, with another state. Nothing was changed. If that state still exists, use it (pulumi login, pulumi stack select); if it is lost, run: {}":
    "이 클러스터의 메시는 이름은 같고({1}) 상태가 다른 스택이 만들었습니다. 아무것도 변경하지 않았습니다. 그 상태가 있으면 그것을 사용하고(pulumi login, pulumi stack select), 잃은 경우에 실행할 명령: {2}",
  'the context is for the cluster "{}" of this mesh. Correct clusters[].context; to rename a cluster, remove it from the config, run pulumi up, and add it under its new name':
    '컨텍스트의 대상이 이 메시의 다른 클러스터 "{1}"입니다. clusters[].context를 고쳐야 합니다. 이름을 바꾸려면 설정에서 빼고 pulumi up을 실행한 뒤 새 이름으로 추가해야 합니다',
  "istiods and running proxies would use the former network until they restart":
    "istiod와 실행 중인 프록시가 재시작할 때까지 이전 네트워크로 요청을 보냅니다",
  "proxies with different mesh ids are not in the same mesh": "메시 ID가 다른 프록시는 같은 메시에 속하지 않습니다",
  "every identity would change at once, and policies would no longer match":
    "모든 신원이 한꺼번에 바뀌어 기존 정책과 일치하지 않게 됩니다",
  'cannot change from "{}" to "{}" while the mesh exists: {}. Restore the former value, or run pulumi destroy first':
    '메시가 있는 동안 "{1}"에서 "{2}"(으)로 바꿀 수 없습니다. {3}. 이전 값으로 되돌리거나 먼저 pulumi destroy를 실행해야 합니다',
  "its claim (ClusterRole {}) was {} meanwhile; run this again":
    "그사이 소유 표시(ClusterRole {1})가 바뀌었습니다({2}). 다시 실행해야 합니다",
  changed: "변경됨",
  deleted: "삭제됨",
  'this cluster belongs to the stack {} (mesh "{}") now': '이 클러스터는 이제 스택 {1}(메시 "{2}") 소유입니다',
  "the cluster has Gateway API {} ({} of {} kinds), which stays unchanged":
    "클러스터에 Gateway API {1}({3}종 중 {2}종)이 있어 그대로 둡니다",
  "the cluster has Gateway API {}, newer than {}, which stays unchanged":
    "클러스터의 Gateway API {1} 버전이 {2}보다 새 버전이어서 그대로 둡니다",
  "{} {}: annotation {}, which holds its former labels and annotations, was changed and cannot be read. Correct it, or discard the former values: kubectl annotate --overwrite {} '{}={}'":
    "{1} {2}: 이전 레이블과 어노테이션을 담은 어노테이션 {3} 값이 변경되어 읽을 수 없습니다. 고치거나, 되돌리지 않기로 합니다: kubectl annotate --overwrite {4} '{5}={6}'",
  "; the cluster has no default: set storageClass.name to another name":
    ". 클러스터에 기본값이 없습니다. storageClass.name을 다른 이름으로 설정해야 합니다",
  "StorageClass {} is not this program's, and stays unchanged{}":
    "StorageClass {1}: 이 프로그램의 것이 아니어서 그대로 둡니다{2}",
  "the cluster has a default StorageClass, {}": "클러스터에 기본 StorageClass {1} 항목이 있음",
  "{} is not created": "{1} 만들지 않음",
  "{} is none": "{1} 기본값 아님",
  "{}/{} was scaled to 0 by a killed proof: scaled back": "{1}/{2}: 강제 종료된 검증이 레플리카를 0개로 남겨 복원",

  "{} in {}: {} failed: {}": "{2}의 {1}: {3} 호출이 실패했습니다: {4}",
  "not an answer of /debug/clusterz: {}": "/debug/clusterz의 응답이 아닙니다: {1}",
  "{} still watches {}": "{1}: 아직 {2} 클러스터를 감시합니다",
  "{} still has {} endpoints of {}": "{1}: 아직 {3}의 엔드포인트가 {2}개 있습니다",
  "{} after {} s. Nothing was deleted, and a former token stays valid: check that istiod reaches the API server of {}, then run again":
    "{2}초 경과: {1}. 아무것도 삭제하지 않았으며 이전 토큰은 계속 유효합니다. istiod에서 {3}의 API 서버에 접속할 수 있는지 확인한 뒤 다시 실행해야 합니다",
  "{} is synced, but has no endpoints": "{1} 동기화됨, 엔드포인트 없음",
  "{} is synced": "{1} 동기화됨",
};
