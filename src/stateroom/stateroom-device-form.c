/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-device-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-format.h"
#include "stateroom-scope.h"

#define TAG_KEY "stateroom-tag"

/* Objects that are offered one by one. */
#define MAX_OBJECTS 50u

/* What is offered for a device; anything else can be typed. */
static const char *const targets[] = { "cpu", "cuda:0", "cuda:1", "mps", "xpu:0" };

struct _StateroomDeviceForm
{
  GtkBox parent_instance;

  AdwComboRow *scope_row;
  AdwPreferencesGroup *devices_group;
  AdwPreferencesGroup *objects_group;
  GtkWidget *others_group;
  AdwSwitchRow *rng_row;
  AdwSwitchRow *step_row;

  CkptTree *tree;
  GPtrArray *entries;  /* GtkEntry: one for each device */
  GPtrArray *switches; /* AdwSwitchRow: one for each device object */
  guint n_objects;     /* that there are, shown or not */
  GCancellable *cancellable;
};

typedef struct
{
  CkptTree *tree;
  CkptNodeId node;
} Job;

static void form_init (StateroomFormInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StateroomDeviceForm,
                               stateroom_device_form,
                               GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (STATEROOM_TYPE_FORM, form_init))

/* What takes the place of a device, or NULL if it stays. */
static char *
dup_target (GtkEntry *entry)
{
  const char *tag = g_object_get_data (G_OBJECT (entry), TAG_KEY);
  char *target = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (target[0] != '\0' && !g_str_equal (target, tag))
    return target;
  g_free (target);
  return NULL;
}

static gboolean
has_other_target (StateroomDeviceForm *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      g_autofree char *target = dup_target (g_ptr_array_index (self->entries, i));

      if (target != NULL && !g_str_equal (target, "cpu"))
        return TRUE;
    }
  return FALSE;
}

static void
on_changed (StateroomDeviceForm *self)
{
  gtk_widget_set_visible (self->others_group, has_other_target (self));
  stateroom_form_changed (self);
}

static guint
count_active (StateroomDeviceForm *self)
{
  guint n = 0;

  for (guint i = 0; i < self->switches->len; i++)
    n += adw_switch_row_get_active (g_ptr_array_index (self->switches, i));
  return n;
}

/* Whether all objects change too, for which there is a word. */
static gboolean
has_all_objects (StateroomDeviceForm *self)
{
  return self->n_objects > 0 && count_active (self) == self->n_objects;
}

/* "cuda:1=cpu" for each device that does not stay. */
static guint
add_targets (StateroomDeviceForm *self, GStrvBuilder *words)
{
  guint n = 0;

  for (guint i = 0; i < self->entries->len; i++)
    {
      GtkEntry *entry = g_ptr_array_index (self->entries, i);
      const char *tag = g_object_get_data (G_OBJECT (entry), TAG_KEY);
      g_autofree char *target = dup_target (entry);

      if (target == NULL)
        continue;
      g_strv_builder_take (words, g_strdup_printf ("%s=%s", tag, target));
      n++;
    }
  return n;
}

/* One edit for each object that was chosen, unless all of them were. */
static GPtrArray *
list_more (StateroomForm *form)
{
  StateroomDeviceForm *self = STATEROOM_DEVICE_FORM (form);
  GPtrArray *more = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < self->switches->len && !has_all_objects (self); i++)
    {
      AdwSwitchRow *row = g_ptr_array_index (self->switches, i);
      const char *path = g_object_get_data (G_OBJECT (row), TAG_KEY);
      g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

      if (!adw_switch_row_get_active (row))
        continue;
      g_strv_builder_add (words, "device");
      add_targets (self, words);
      g_strv_builder_take (words, g_strdup_printf ("--under=%s", path));
      g_strv_builder_add (words, "--objects");
      g_ptr_array_add (more, g_strv_builder_end (words));
    }
  return more;
}

static GStrv
dup_words (StateroomForm *form)
{
  StateroomDeviceForm *self = STATEROOM_DEVICE_FORM (form);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_strv_builder_add (words, "device");
  if (add_targets (self, words) == 0)
    return NULL;
  stateroom_scope_add_word (self->scope_row, words);
  if (has_all_objects (self))
    g_strv_builder_add (words, "--objects");
  if (gtk_widget_get_visible (self->others_group) && adw_switch_row_get_active (self->rng_row))
    g_strv_builder_add (words, "--include-rng");
  if (gtk_widget_get_visible (self->others_group) && adw_switch_row_get_active (self->step_row))
    g_strv_builder_add (words, "--include-step");
  return g_strv_builder_end (words);
}

static void
form_init (StateroomFormInterface *iface)
{
  iface->dup_words = dup_words;
  iface->list_more = list_more;
}

static void
on_target_clicked (GtkButton *button, GtkEntry *entry)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER);

  gtk_editable_set_text (GTK_EDITABLE (entry), gtk_button_get_label (button));
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static GtkWidget *
new_targets_button (GtkEntry *entry)
{
  GtkWidget *button = gtk_menu_button_new (), *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      GtkWidget *target = gtk_button_new_with_label (targets[i]);

      gtk_widget_add_css_class (target, "flat");
      g_signal_connect_object (target, "clicked", G_CALLBACK (on_target_clicked), entry, G_CONNECT_DEFAULT);
      gtk_box_append (GTK_BOX (box), target);
    }
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "pan-down-symbolic");
  gtk_widget_set_tooltip_text (button, _ ("Choose a Device"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static GtkWidget *
new_device_row (StateroomDeviceForm *self, const CkptDeviceRow *device)
{
  GtkWidget *row = adw_action_row_new (), *entry = gtk_entry_new (), *arrow = gtk_label_new ("→");
  g_autofree char *count = stateroom_format_count (device->n_tensors);
  g_autofree char *size = stateroom_format_bytes (device->n_bytes);
  g_autofree char *tag = stateroom_format_label (device->tag);
  /* Translators: a number of tensors and their size: "26 tensors · 1.5 GB" */
  g_autofree char *subtitle = g_strdup_printf (
      ngettext ("%s tensor · %s", "%s tensors · %s", device->n_tensors), count, size);
  g_autofree char *label = g_strdup_printf (_ ("Where to from %s"), tag);

  g_object_set (row, "title", tag, "subtitle", subtitle, "use-markup", FALSE, NULL);
  g_object_set_data_full (G_OBJECT (entry), TAG_KEY, g_strdup (device->tag), g_free);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 7);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 9);
  gtk_editable_set_text (GTK_EDITABLE (entry), g_str_equal (device->tag, "meta") ? device->tag : "cpu");
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (arrow, "dimmed");
  gtk_widget_set_sensitive (entry, !g_str_equal (device->tag, "meta"));
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->entries, entry);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), entry);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_targets_button (GTK_ENTRY (entry)));
  return row;
}

static GtkWidget *
new_object_row (StateroomDeviceForm *self, const CkptDeviceObject *object)
{
  GtkWidget *row = adw_switch_row_new ();
  g_autofree char *title = stateroom_format_label (object->path);
  g_autofree char *subtitle = stateroom_format_label (object->tag);

  g_object_set (row, "title", title, "subtitle", subtitle, "use-markup", FALSE, NULL);
  g_object_set_data_full (G_OBJECT (row), TAG_KEY, g_strdup (object->path), g_free);
  g_signal_connect_object (row, "notify::active", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->switches, row);
  return row;
}

static void
remove_rows (AdwPreferencesGroup *group, GPtrArray *controls)
{
  for (guint i = 0; i < controls->len; i++)
    {
      GtkWidget *control = g_ptr_array_index (controls, i);

      adw_preferences_group_remove (group, gtk_widget_get_ancestor (control, ADW_TYPE_PREFERENCES_ROW));
    }
  g_ptr_array_set_size (controls, 0);
}

static void
show_devices (StateroomDeviceForm *self, const CkptDevices *devices)
{
  remove_rows (self->devices_group, self->entries);
  remove_rows (self->objects_group, self->switches);
  for (guint i = 0; i < devices->rows->len; i++)
    {
      const CkptDeviceRow *row = g_ptr_array_index (devices->rows, i);

      if (row->n_tensors > 0 || row->n_storages > 0 || row->n_calls > 0)
        adw_preferences_group_add (self->devices_group, new_device_row (self, row));
    }
  for (guint i = 0; i < MIN (devices->objects->len, MAX_OBJECTS); i++)
    adw_preferences_group_add (self->objects_group,
                               new_object_row (self, g_ptr_array_index (devices->objects, i)));
  self->n_objects = devices->n_objects;
  gtk_widget_set_visible (GTK_WIDGET (self->objects_group), devices->objects->len > 0);
  on_changed (self);
}

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  g_free (job);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;

  g_task_return_pointer (task, ckpt_devices_new (job->tree, job->node), (GDestroyNotify) ckpt_devices_free);
}

static void
on_devices (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (CkptDevices) devices = g_task_propagate_pointer (G_TASK (result), NULL);
  StateroomDeviceForm *self = user_data;

  /* The form may be gone. */
  if (devices == NULL)
    return;
  g_clear_object (&self->cancellable);
  show_devices (self, devices);
}

static void
on_scope_notify (StateroomDeviceForm *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (self->tree == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  job = g_new0 (Job, 1);
  job->tree = ckpt_tree_ref (self->tree);
  job->node = stateroom_scope_get_node (self->scope_row);
  task = g_task_new (NULL, self->cancellable, on_devices, self);
  g_task_set_name (task, "devices of tensors");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_in_thread);
}

static void
stateroom_device_form_dispose (GObject *object)
{
  StateroomDeviceForm *self = STATEROOM_DEVICE_FORM (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  g_ptr_array_set_size (self->entries, 0);
  g_ptr_array_set_size (self->switches, 0);
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_DEVICE_FORM);

  G_OBJECT_CLASS (stateroom_device_form_parent_class)->dispose (object);
}

static void
stateroom_device_form_finalize (GObject *object)
{
  g_ptr_array_unref (STATEROOM_DEVICE_FORM (object)->entries);
  g_ptr_array_unref (STATEROOM_DEVICE_FORM (object)->switches);

  G_OBJECT_CLASS (stateroom_device_form_parent_class)->finalize (object);
}

static void
stateroom_device_form_class_init (StateroomDeviceFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_device_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = stateroom_device_form_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-device-form.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomDeviceForm, scope_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomDeviceForm, devices_group);
  gtk_widget_class_bind_template_child (widget_class, StateroomDeviceForm, objects_group);
  gtk_widget_class_bind_template_child (widget_class, StateroomDeviceForm, others_group);
  gtk_widget_class_bind_template_child (widget_class, StateroomDeviceForm, rng_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomDeviceForm, step_row);
  gtk_widget_class_bind_template_callback (widget_class, on_scope_notify);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
stateroom_device_form_init (StateroomDeviceForm *self)
{
  self->entries = g_ptr_array_new ();
  self->switches = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_device_form_new:
 * @item: (nullable): what is selected
 * @tree: the file
 *
 * Returns: (transfer floating): a form that moves everything to the CPU, or what is selected
 */
GtkWidget *
stateroom_device_form_new (CkptItem *item, CkptTree *tree)
{
  StateroomDeviceForm *self = g_object_new (STATEROOM_TYPE_DEVICE_FORM, NULL);

  stateroom_scope_fill (self->scope_row, item);
  stateroom_scope_narrow (self->scope_row);
  self->tree = ckpt_tree_ref (tree);
  on_scope_notify (self);
  return GTK_WIDGET (self);
}

/**
 * stateroom_device_form_is_busy:
 *
 * Returns: whether it is still being found out where the tensors are
 */
gboolean
stateroom_device_form_is_busy (StateroomDeviceForm *self)
{
  g_return_val_if_fail (STATEROOM_IS_DEVICE_FORM (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * stateroom_device_form_find_entry:
 * @tag: a device of the file
 *
 * Returns: (transfer none) (nullable): where one types what takes its place
 */
GtkEntry *
stateroom_device_form_find_entry (StateroomDeviceForm *self, const char *tag)
{
  g_return_val_if_fail (STATEROOM_IS_DEVICE_FORM (self), NULL);

  for (guint i = 0; i < self->entries->len; i++)
    if (g_strcmp0 (g_object_get_data (g_ptr_array_index (self->entries, i), TAG_KEY), tag) == 0)
      return g_ptr_array_index (self->entries, i);
  return NULL;
}
