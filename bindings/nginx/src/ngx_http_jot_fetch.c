
/*
 * The processes that fetch: "jotctl keys watch" and the like, one for each URL.
 *
 * The first worker starts them and starts them again when they end; they end
 * with it, however it ends.  Who fetches holds a lock, so that there is one
 * fetch for the server even while a reload has two first workers.  The keys
 * come by way of a file, which all workers watch, so that they are there after
 * a reload, a crash and a restart.  Nothing of a network or of TLS is in nginx.
 */


#include "ngx_http_jot.h"

#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>


/* the least time between two starts of one process, in seconds */
#define NGX_HTTP_JOT_RESTART  2


static void ngx_http_jot_start_fetch(ngx_http_jot_file_t *file,
    ngx_log_t *log);
static void ngx_http_jot_become_fetch(ngx_http_jot_fetch_t *fetch,
    ngx_pid_t parent, int end);
static ngx_uint_t ngx_http_jot_has_ended(ngx_http_jot_fetch_t *fetch);


void
ngx_http_jot_tend_fetches(ngx_http_jot_main_conf_t *jmcf, ngx_log_t *log)
{
    ngx_uint_t             i;
    ngx_http_jot_file_t  **files;
    ngx_http_jot_fetch_t  *fetch;

    if (ngx_process == NGX_PROCESS_WORKER && ngx_worker != 0) {
        return;
    }

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {

        fetch = files[i]->fetch;

        if (fetch == NULL) {
            continue;
        }

        if (fetch->request) {
            ngx_http_jot_tend_keeper(fetch, log);
            continue;
        }

        if (fetch->pid && ngx_http_jot_has_ended(fetch)) {

            ngx_log_error(NGX_LOG_ERR, log, 0,
                          "jot: the process that fetches \"%V\" has ended and "
                          "is started again", &fetch->source);

            (void) ngx_close_file(fetch->pipe);
            fetch->pid = 0;
        }

        if (fetch->pid == 0
            && ngx_time() - fetch->started >= NGX_HTTP_JOT_RESTART)
        {
            ngx_http_jot_start_fetch(files[i], log);
        }
    }
}


void
ngx_http_jot_end_fetches(ngx_http_jot_main_conf_t *jmcf)
{
    ngx_uint_t             i;
    ngx_http_jot_file_t  **files;
    ngx_http_jot_fetch_t  *fetch;

    files = jmcf->files.elts;

    for (i = 0; i < jmcf->files.nelts; i++) {

        fetch = files[i]->fetch;

        if (fetch && fetch->request) {
            ngx_http_jot_end_keeper(fetch->request);
        }

        if (fetch && fetch->pid) {

            /* its number may be another's after its end */

            if (!ngx_http_jot_has_ended(fetch)) {
                (void) kill(fetch->pid, SIGTERM);
            }

            (void) ngx_close_file(fetch->pipe);
            fetch->pid = 0;
        }
    }
}


/* Nobody reads the FIFO while there is no process; then nothing is lost. */

void
ngx_http_jot_ask_fetch(ngx_http_jot_fetch_t *fetch, ngx_str_t *text,
    ngx_log_t *log)
{
    ngx_fd_t  fd;

    fd = ngx_open_file(fetch->fifo.data, NGX_FILE_WRONLY|NGX_FILE_NONBLOCK,
                       NGX_FILE_OPEN, 0);

    if (fd == NGX_INVALID_FILE) {
        ngx_log_error(NGX_LOG_INFO, log, ngx_errno,
                      "jot: nobody fetches \"%V\"", &fetch->source);
        return;
    }

    /* a full one was asked often enough */

    (void) ngx_write_fd(fd, text->data, text->len);
    (void) ngx_close_file(fd);
}


static void
ngx_http_jot_start_fetch(ngx_http_jot_file_t *file, ngx_log_t *log)
{
    int                    ends[2];
    ngx_pid_t              pid, parent;
    ngx_http_jot_fetch_t  *fetch;

    fetch = file->fetch;
    fetch->started = ngx_time();

    if (pipe(ends) == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "jot: pipe() failed");
        return;
    }

    if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) == -1
        || ngx_nonblocking(ends[0]) == -1)
    {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "jot: fcntl() failed");
        goto failed;
    }

    parent = ngx_pid;
    pid = fork();

    if (pid == -1) {
        ngx_log_error(NGX_LOG_ALERT, log, ngx_errno, "jot: fork() failed");
        goto failed;
    }

    if (pid == 0) {
        ngx_http_jot_become_fetch(fetch, parent, ends[1]);
    }

    (void) ngx_close_file(ends[1]);

    fetch->pid = pid;
    fetch->pipe = ends[0];

    ngx_log_error(NGX_LOG_NOTICE, log, 0,
                  "jot: process %P fetches \"%V\"", pid, &fetch->source);

    return;

failed:

    (void) ngx_close_file(ends[0]);
    (void) ngx_close_file(ends[1]);
}


/* In the new process; does not return. */

static void
ngx_http_jot_become_fetch(ngx_http_jot_fetch_t *fetch, ngx_pid_t parent,
    int end)
{
    int         lock, other;
    sigset_t    none;
    const char  failed[] = "jot: cannot run the program of \"jot_fetch\"\n";

    (void) prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);

    (void) signal(SIGTERM, SIG_DFL);
    (void) signal(SIGINT, SIG_DFL);
    (void) signal(SIGQUIT, SIG_DFL);
    (void) signal(SIGHUP, SIG_DFL);
    (void) signal(SIGUSR1, SIG_DFL);
    (void) signal(SIGUSR2, SIG_DFL);
    (void) signal(SIGCHLD, SIG_DFL);
    (void) signal(SIGPIPE, SIG_DFL);

    (void) sigemptyset(&none);
    (void) sigprocmask(SIG_SETMASK, &none, NULL);

    /* sockets, logs and connections of the worker are not for others */

    (void) dup2(end, 3);

    if (syscall(SYS_close_range, 4, ~0U, 0) == -1) {
        for (other = 4; other < getdtablesize(); other++) {
            (void) close(other);
        }
    }

    if (getppid() != parent) {
        _exit(0);
    }

    /* until another process, of a worker that is about to end, is gone */

    lock = open((char *) fetch->lock.data, O_RDWR|O_CREAT, 0600);

    if (lock == -1 || flock(lock, LOCK_EX) == -1) {
        perror("jot: \"jot_fetch_path\"");
        _exit(2);
    }

    if (mkfifo((char *) fetch->fifo.data, 0600) == -1 && ngx_errno != EEXIST) {
        perror("jot: \"jot_fetch_path\"");
        _exit(2);
    }

    (void) execvp(fetch->argv[0], fetch->argv);
    (void) ngx_write_fd(STDERR_FILENO, (void *) failed, sizeof(failed) - 1);

    _exit(127);
}


static ngx_uint_t
ngx_http_jot_has_ended(ngx_http_jot_fetch_t *fetch)
{
    u_char  byte;

    return ngx_read_fd(fetch->pipe, &byte, 1) == 0;
}
