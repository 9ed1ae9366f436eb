/* SPDX-License-Identifier: GPL-3.0-or-later */

/* With it, unistd.h would define pread64() itself. */
#undef _FORTIFY_SOURCE

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app-test-util.h"

/* What stands in for the pread() of the C library: a disk that does not answer, or fails. */
static struct
{
  GMutex mutex;
  GCond cond;
  gboolean hangs;
  gboolean fails;
  guint n_waiting;
} disk;

ssize_t __pread64_chk (int fd, void *buffer, size_t length, off_t offset, size_t size);

ssize_t
pread64 (int fd, void *buffer, size_t length, off_t offset)
{
  gboolean fails;

  g_mutex_lock (&disk.mutex);
  disk.n_waiting++;
  while (disk.hangs)
    g_cond_wait (&disk.cond, &disk.mutex);
  disk.n_waiting--;
  fails = disk.fails;
  g_mutex_unlock (&disk.mutex);
  if (fails)
    {
      errno = EIO;
      return -1;
    }
  return syscall (SYS_pread64, fd, buffer, length, offset);
}

ssize_t
__pread64_chk (int fd, void *buffer, size_t length, off_t offset, size_t size)
{
  return pread64 (fd, buffer, length, offset);
}

static void
set_disk (gboolean hangs, gboolean fails)
{
  g_mutex_lock (&disk.mutex);
  disk.hangs = hangs;
  disk.fails = fails;
  g_cond_broadcast (&disk.cond);
  g_mutex_unlock (&disk.mutex);
}

static gboolean
is_waiting (void)
{
  gboolean waiting;

  g_mutex_lock (&disk.mutex);
  waiting = disk.n_waiting > 0;
  g_mutex_unlock (&disk.mutex);
  return waiting;
}

typedef struct
{
  StateroomApplication *app;
  StateroomWindow *window;
  StateroomPage *page;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *path = app_test_fixture ("state_dict.pt");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  set_disk (TRUE, FALSE);
  self->app = app_test_new_app ();
  self->window = stateroom_window_new (self->app);
  stateroom_window_open_files (self->window, &file, 1);
  gtk_window_present (GTK_WINDOW (self->window));
  self->page = stateroom_window_get_page (self->window);
  WAIT_UNTIL (is_waiting ());
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  set_disk (FALSE, FALSE);
  WAIT_UNTIL (!is_waiting ());
  app_test_free_app (self->app);
}

/* A page that says that the file is being opened, and a button that ends it, whatever the thread does. */
static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (stateroom_page_get_state (self->page), !=, STATEROOM_PAGE_ERROR);
  WAIT_UNTIL (stateroom_page_get_state (self->page) == STATEROOM_PAGE_LOADING);
  app_test_act (self->window, "cancel", NULL);
  WAIT_UNTIL (stateroom_page_get_state (self->page) == STATEROOM_PAGE_ERROR);
  g_assert_true (is_waiting ());
  g_assert_false (stateroom_page_is_busy (self->page));
}

static void
test_answers_late (Fixture *self, gconstpointer data)
{
  WAIT_UNTIL (stateroom_page_get_state (self->page) == STATEROOM_PAGE_LOADING);
  set_disk (FALSE, FALSE);
  WAIT_UNTIL (stateroom_page_get_state (self->page) == STATEROOM_PAGE_CONTENT);
}

static void
test_close_tab (Fixture *self, gconstpointer data)
{
  gpointer page = self->page;

  g_object_add_weak_pointer (page, &page);
  app_test_act (self->window, "close-tab", NULL);
  WAIT_UNTIL (page == NULL);
  g_assert_true (is_waiting ());
}

static void
test_disk_error (Fixture *self, gconstpointer data)
{
  set_disk (FALSE, TRUE);
  WAIT_UNTIL (stateroom_page_get_state (self->page) == STATEROOM_PAGE_ERROR);
}

int
main (int argc, char *argv[])
{
  app_test_init (&argc, &argv);

  g_test_add ("/hang/cancel", Fixture, NULL, set_up, test_cancel, tear_down);
  g_test_add ("/hang/answers-late", Fixture, NULL, set_up, test_answers_late, tear_down);
  g_test_add ("/hang/close-tab", Fixture, NULL, set_up, test_close_tab, tear_down);
  g_test_add ("/hang/disk-error", Fixture, NULL, set_up, test_disk_error, tear_down);

  return g_test_run ();
}
