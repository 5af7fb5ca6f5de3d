"""What can go wrong around the group: the machine, the cluster, the servers."""

from collections.abc import Mapping

from gen.text.message import Message

MESSAGES: Mapping[str, Message] = {
    "api.port": Message(
        "端口 {port} 不能用（{why}）",
        "用 --port 换一个",
        "port {port} can't be used ({why})",
        "choose another with --port",
    ),
    "opensearch.missing": Message(
        "没有安装 opensearch-py",
        "运行 pip install 'gen-sites[opensearch]'",
        "opensearch-py isn't installed",
        "run pip install 'gen-sites[opensearch]'",
    ),
    "opensearch.url": Message(
        "“{found}”不是 OpenSearch 的地址",
        "写成 https://主机:9200",
        "“{found}” is no address of an OpenSearch server",
        "write https://host:9200",
    ),
    "opensearch.failed": Message(
        "OpenSearch 没有完成请求（{problem}）",
        "检查服务和网络后再运行一次，会从中断处继续",
        "OpenSearch didn't do it ({problem})",
        "check the server and the network and run it again, it goes on where it stopped",
    ),
    "opensearch.refused": Message(
        "OpenSearch 不收文档 {path}（{problem}）",
        "检查这篇文档和服务的限制",
        "OpenSearch refuses {path} ({problem})",
        "check the document and the server's limits",
    ),
    "opensearch.unfed": Message(
        "别名 {alias} 还没有索引",
        "先不带 --changes 灌入一次",
        "the alias {alias} has no index yet",
        "feed it whole first, without --changes",
    ),
    "opensearch.outdated": Message(
        "索引 {index} 是另一个版本做的",
        "重新灌入一次",
        "the index {index} was made by another version",
        "feed it anew",
    ),
    "opensearch.no_index": Message(
        "没有索引 {index}",
        "可用：{known}",
        "there is no index {index}",
        "known: {known}",
    ),
    "opensearch.incomplete": Message(
        "索引 {index} 没有灌完",
        "再运行一次灌入",
        "the index {index} isn't complete",
        "run the feed again",
    ),
    "opensearch.count": Message(
        "索引 {index} 有 {found} 篇，应有 {expected} 篇",
        "删除它后重新灌入",
        "the index {index} has {found} documents instead of {expected}",
        "delete it and feed again",
    ),
    "opensearch.replaced": Message(
        "索引 {index} 在灌入时被人删除",
        "删除现在的 {index}，再运行一次",
        "the index {index} was deleted during its feed",
        "delete what is there now and run it again",
    ),
    "search.not_built": Message(
        "还没有搜索索引", "先运行 gen build", "there is no search index yet", "run gen build first"
    ),
    "build.locked": Message(
        "另一个构建正在进行", "等它结束再试", "another build is at work", "wait until it has ended"
    ),
    "state.failed": Message(
        "构建记录读写失败（{problem}）",
        "检查磁盘空间和 .gen/ 的权限；.gen/ 可以随时删除",
        "the build state can't be read or written ({problem})",
        "check disk space and the permissions of .gen/, which may be deleted at any time",
    ),
    "write.failed": Message(
        "写不了这个文件（{why}）",
        "检查磁盘空间、权限，以及是不是有同名的文件或文件夹；修好后再构建一次",
        "this file can't be written ({why})",
        "check disk space, permissions and what lies there; then build again",
    ),
    "build.no_site": Message(
        "没有站点“{site}”", "可用：{known}", "there is no site “{site}”", "known: {known}"
    ),
    "new.slug": Message(
        "“{slug}”不能作文件名",
        "用小写字母、数字和短横线，如 zhaosheng-tongzhi",
        "“{slug}” can't be a file name",
        "use lower-case letters, digits and hyphens",
    ),
    "new.exists": Message(
        "这个文件已经有了", "换一个文件名", "this file is there already", "choose another name"
    ),
    "new.no_number": Message(
        "栏目“{column}”不能编信息索取号",
        "站点要有 agency_code，栏目要有 category",
        "the column “{column}” can't assign index numbers",
        "the site needs agency_code, the column category",
    ),
    "move.outside": Message(
        "不在 content/ 里", "给出 content/ 里的文件", "it isn't below content/", "name a file below content/"
    ),
    "move.no_document": Message(
        "没有这篇文档", "给出已有的 .md 文件", "there is no such document", "name a .md file that is there"
    ),
    "move.suffix": Message("新文件名要以 .md 结尾", "补上 .md", "the new name must end in .md", "add .md"),
    "move.taken": Message(
        "目标位置已经有文件", "换一个名字", "something is there already", "choose another name"
    ),
    "init.not_empty": Message(
        "文件夹不是空的", "换一个新文件夹", "the folder isn't empty", "choose a new one"
    ),
    "init.not_at_end": Message(
        "sites 不是 sites.yaml 的最后一项",
        "把 sites: 移到文件末尾，或手工添加站点",
        "sites isn't the last key of sites.yaml",
        "move it to the end, or add the site by hand",
    ),
    "serve.port": Message(
        "端口 {port} 不能用（{why}）",
        "用 --port 换一个",
        "port {port} can't be used ({why})",
        "choose another with --port",
    ),
    "cluster.extra": Message(
        "集群构建要用的库没有装",
        "pip install 'gen-sites[cluster]'；对象存储还要装它的 fsspec 库，如 s3fs",
        "the libraries for building on a cluster aren't installed",
        "pip install 'gen-sites[cluster]'; object storage needs its fsspec library as well, such as s3fs",
    ),
    "cluster.no_store": Message(
        "没有说结果放在哪里",
        "加 --store，给出所有机器都能读写的文件夹或对象存储，如 file:///srv/gen 或 s3://桶/gen",
        "it isn't said where results go",
        "add --store with a folder or object storage that all machines can read and write, such as file:///srv/gen or s3://bucket/gen",
    ),
    "cluster.no_git": Message(
        "内容不在 Git 里，集群取不到",
        "把网站群提交到 Git，或不用 --cluster",
        "the content isn't in Git, where a cluster's workers get it from",
        "commit the group to Git, or build without --cluster",
    ),
    "cluster.no_repository": Message(
        "不知道集群从哪里取内容：这个仓库没有 origin",
        "加 --repository，给出各台机器都能取的 Git 地址",
        "it isn't known where workers get the content from: this repository has no origin",
        "add --repository with a Git address that all machines can fetch from",
    ),
    "cluster.dirty": Message(
        "有 {count} 个文件还没有提交（{paths}）：集群只看得到已提交的",
        "提交并推送，或不用 --cluster",
        "{count} files aren't committed ({paths}); a cluster sees only what is",
        "commit and push, or build without --cluster",
    ),
    "cluster.commit": Message(
        "工作机 {where} 从 {repository} 取不到提交 {commit}（{problem}）",
        "先推送；检查工作机的 Git 权限",
        "the worker {where} can't get the commit {commit} from {repository} ({problem})",
        "push first; check the worker's access to Git",
    ),
    "cluster.unreachable": Message(
        "连不上调度器 {address}（{problem}）",
        "检查地址、防火墙；tls:// 要在 Dask 的配置里写证书",
        "the scheduler {address} can't be reached ({problem})",
        "check address and firewall; tls:// needs certificates in Dask's configuration",
    ),
    "cluster.no_workers": Message(
        "调度器 {address} 下 {seconds} 秒没有一台工作机",
        "启动工作机：dask worker {address}；构建记录没有损坏，再构建一次即可",
        "the scheduler {address} has had no worker for {seconds} seconds",
        "start some: dask worker {address}; the state is unharmed, build again",
    ),
    "cluster.lost": Message(
        "和调度器 {address} 的连接断了",
        "恢复调度器后再构建一次；已完成的站点不重做",
        "the connection to the scheduler {address} is lost",
        "bring the scheduler back and build again; finished sites stay so",
    ),
    "cluster.killed": Message(
        "一个任务每次都让工作进程意外结束（从 {what} 到 {last}，可能内存不足）",
        "看工作机的日志和内存；不用 --cluster 时由本机来做",
        "one task ended every worker that did it (from {what} to {last}; perhaps for lack of memory)",
        "look at the workers' logs and memory; without --cluster this machine does it",
    ),
    "cluster.other_code": Message(
        "工作机 {where} 的程序和本机不同（本机 {theirs}，工作机 {ours}）",
        "各台机器装同一版本的 gen、库和 Python，重启工作机",
        "the worker {where} has another program than this machine (here {theirs}, there {ours})",
        "install the same gen, libraries and Python everywhere, then restart the workers",
    ),
    "cluster.no_gen": Message(
        "工作机上用不了 gen（{problem}）",
        "在工作机上 pip install 'gen-sites[cluster]'，版本与本机相同，重启工作机",
        "a worker can't load gen ({problem})",
        "pip install 'gen-sites[cluster]' of the same version there, then restart the worker",
    ),
    "cluster.store": Message(
        "{where} 用不了共享存储 {store}（{problem}）",
        "检查它是不是所有机器都能读写的同一个地方",
        "{where} can't use the shared store {store} ({problem})",
        "check that it is one place, which all machines can read and write",
    ),
    "worker.died": Message(
        "一个工作进程意外结束（可能内存不足）",
        "用 --jobs 1 重试，或增加内存",
        "a worker process died (perhaps for lack of memory)",
        "try --jobs 1, or give the machine more memory",
    ),
}
